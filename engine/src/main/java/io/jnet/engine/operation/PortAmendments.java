package io.jnet.engine.operation;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.port.OpenPort;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.PortSelection;
import io.jnet.engine.publish.PublishedPorts;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.work.Locks;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Publishing some ports more of a running container, and withdrawing some, with its other ports as they are. */
public final class PortAmendments {
    private final StateStore store;
    private final Locks locks;
    private final PublishedPorts ports;
    private final PortOperations operations;

    public PortAmendments(Parts parts, PortOperations operations) {
        this.store = parts.store();
        this.locks = parts.locks();
        this.ports = parts.ports();
        this.operations = operations;
    }

    public List<PortBinding> add(NetworkId networkId, EndpointId id, List<PortRequest> requests) {
        return locks.withEndpoint(networkId, id, () -> {
            Network network = store.read(state -> EndpointOperations.readyNetwork(state, networkId));
            Endpoint endpoint = joined(networkId, id);
            if (network.spec().flags().contains(NetworkFlag.INTERNAL)) {
                throw EngineException.conflict("network " + network.displayName()
                        + " is internal: nothing is published there; connect the container to another one");
            }
            PortPlan more = PortOperations.plan(network, endpoint, requests);
            List<PortRequest> kept = requests(endpoint);
            List<PortRequest> fresh = more.translated().stream()
                    .filter(request -> !kept.contains(request))
                    .toList();
            fresh.forEach(request -> requireOther(request, kept));
            if (endpoint.spec().portHolder() == PortHolder.RUNTIME) {
                // The runtime holds what it asked for, and nobody what it did not.
                fresh.forEach(ports::requireFree);
            }
            return operations.publish(
                    endpoint, new PortPlan(joined(kept, fresh), OpenPort.joined(joined(endpoint.open(), more.open()))));
        });
    }

    public List<PortBinding> remove(NetworkId networkId, EndpointId id, List<PortSelection> selections) {
        return locks.withEndpoint(networkId, id, () -> {
            Endpoint endpoint = joined(networkId, id);
            List<PortRequest> remaining = new ArrayList<>(requests(endpoint));
            Set<OpenPort> open = new HashSet<>(single(endpoint.open()));
            for (PortSelection selection : selections) {
                List<PortRequest> meant = remaining.stream()
                        .filter(request -> isMeant(selection, request))
                        .toList();
                remaining.removeAll(new HashSet<>(meant));
                boolean wasOpen = open.removeIf(port -> port.protocol() == selection.protocol()
                        && (meant.isEmpty()
                                ? port.ports().overlaps(selection.open())
                                : leadsOnly(meant, remaining, port)));
                if (meant.isEmpty() && !wasOpen) {
                    throw notPublished(id, selection, remaining);
                }
            }
            return operations.publish(endpoint, new PortPlan(remaining, OpenPort.joined(open)));
        });
    }

    private Endpoint joined(NetworkId network, EndpointId id) {
        Endpoint endpoint = store.read(state -> EndpointOperations.endpointOf(state, network, id));
        if (endpoint.state() != EndpointState.JOINED) {
            throw EngineException.conflict(
                    "cannot change the published ports of endpoint " + id + ": it has not joined a container");
        }
        return endpoint;
    }

    /** What an endpoint would have to ask for to publish what it does. */
    private static List<PortRequest> requests(Endpoint endpoint) {
        return endpoint.ports().stream()
                .flatMap(binding -> binding.requests().stream())
                .toList();
    }

    private static void requireOther(PortRequest request, List<PortRequest> kept) {
        kept.stream()
                .filter(one -> one.protocol() == request.protocol()
                        && one.hostPorts()
                                .flatMap(mine -> request.hostPorts().filter(mine::overlaps))
                                .isPresent()
                        && PortBinding.addressesOverlap(one.hostAddress(), request.hostAddress()))
                .findFirst()
                .ifPresent(one -> {
                    throw EngineException.conflict(PortOperations.describe(request)
                            + " is published by this container already, to its port " + one.containerPort());
                });
    }

    private static EngineException notPublished(EndpointId id, PortSelection selection, List<PortRequest> published) {
        String port = selection.hostPorts() + "/" + selection.protocol().text();
        PortSelection anywhere = new PortSelection(
                selection.protocol(), Optional.empty(), selection.hostPorts(), selection.containerPorts());
        return published.stream()
                .filter(request -> isMeant(anywhere, request))
                .findFirst()
                .map(request -> EngineException.notFound("endpoint " + id + " publishes port " + port + " on "
                        + request.hostAddress().map(IpAddress::toString).orElse("every address, as one")
                        + ": name it without an address"))
                .orElseGet(() -> EngineException.notFound(
                        "endpoint " + id + " does not publish port " + port + ": see jnet ports"));
    }

    private static boolean isMeant(PortSelection selection, PortRequest request) {
        return request.hostPorts()
                .filter(port -> selection.contains(
                        request.protocol(), request.hostAddress(), port.first(), request.containerPort()))
                .isPresent();
    }

    /** Whether an open port goes with published ports that lead to it, and no other does. */
    private static boolean leadsOnly(List<PortRequest> meant, List<PortRequest> remaining, OpenPort port) {
        return leads(meant, port) && !leads(remaining, port);
    }

    private static boolean leads(List<PortRequest> requests, OpenPort port) {
        return requests.stream()
                .anyMatch(request -> request.protocol() == port.protocol()
                        && port.ports().overlaps(PortRange.of(request.containerPort())));
    }

    private static List<OpenPort> single(List<OpenPort> open) {
        return open.stream()
                .flatMap(port -> IntStream.rangeClosed(
                                port.ports().first(), port.ports().last())
                        .mapToObj(one -> new OpenPort(port.protocol(), port.family(), PortRange.of(one))))
                .toList();
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
