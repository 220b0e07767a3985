package io.jnet.engine.operation;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.endpoint.PortAccess;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.PortRule;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.flow.Flows;
import io.jnet.engine.forwarding.LoopbackRouting;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.publish.PortAssignment;
import io.jnet.engine.publish.PublishedPorts;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.surroundings.OtherFirewalls;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Undo;
import io.jnet.netlink.address.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishing and withdrawing ports. */
public final class PortOperations {
    private static final Logger LOG = LoggerFactory.getLogger(PortOperations.class);

    private final StateStore store;
    private final Locks locks;
    private final Firewall firewall;
    private final LoopbackRouting loopback;
    private final PublishedPorts ports;
    private final Flows flows;
    private final Desired desired;
    private final OtherFirewalls firewalls;

    public PortOperations(Parts parts) {
        this.store = parts.store();
        this.locks = parts.locks();
        this.firewall = parts.firewall();
        this.loopback = parts.loopback();
        this.ports = parts.ports();
        this.flows = parts.flows();
        this.desired = parts.desired();
        this.firewalls = parts.firewalls();
    }

    public List<PortBinding> publish(NetworkId networkId, EndpointId id, List<PortRequest> requests) {
        return locks.withEndpoint(networkId, id, () -> {
            Network network = store.read(state -> EndpointOperations.readyNetwork(state, networkId));
            Endpoint endpoint = store.read(state -> EndpointOperations.endpointOf(state, networkId, id));
            if (endpoint.state() != EndpointState.JOINED) {
                throw EngineException.conflict(
                        "cannot publish ports of endpoint " + id + ": it has not joined a container");
            }
            if (network.spec().flags().contains(NetworkFlag.INTERNAL)) {
                return List.of();
            }
            return publish(endpoint, plan(network, endpoint, requests));
        });
    }

    /**
     * Ports that an endpoint is to have from its beginning, reserved.
     *
     * @param endpoint with the ports in its record
     */
    record Reserved(Endpoint endpoint, List<PortAssignment> assignments) {
        /** The same of an endpoint whose addresses are known by now. */
        Reserved of(Endpoint whole) {
            return new Reserved(whole, assignments);
        }
    }

    /** Reserves ports of an endpoint that is being made; {@link #publish(Reserved, Supplier)} or {@link #abandon} must follow. */
    Reserved reserve(Network network, Endpoint endpoint, List<PortRequest> requests) {
        if (requests.isEmpty() || network.spec().flags().contains(NetworkFlag.INTERNAL)) {
            return new Reserved(endpoint, List.of());
        }
        PortPlan plan = plan(network, endpoint, requests);
        List<PortAssignment> assignments = assign(endpoint, plan.translated());
        return new Reserved(endpoint.publishing(PortAssignment.bindings(assignments), plan.open()), assignments);
    }

    /** Releases what was reserved. */
    void abandon(Reserved reserved) {
        ports.abandon(reserved.endpoint().id(), reserved.assignments());
    }

    /**
     * Publishes what was reserved, of an endpoint whose record is in the store.
     *
     * @param completion follows; when it throws, the ports are withdrawn
     */
    public <T> T publish(Reserved reserved, Supplier<T> completion) {
        Endpoint endpoint = reserved.endpoint();
        List<PortRule> rules = desired.ports(endpoint);
        Undo undo = new Undo();
        try {
            ports.serve(endpoint.spec(), reserved.assignments());
            if (endpoint.isOnForeignLink()) {
                loopback.follow();
            }
            if (!rules.isEmpty()) {
                publishFresh(rules);
                undo.add(() -> firewall.unpublish(rules));
                flows.settle(Publication.among(rules), List.of());
            }
            T result = completion.get();
            ports.keep(endpoint.spec(), reserved.assignments());
            firewalls.published(endpoint);
            return result;
        } catch (RuntimeException e) {
            throw undo.because(e);
        }
    }

    /** What a network makes of requests, each of which must lead somewhere. */
    static PortPlan plan(Network network, Endpoint endpoint, List<PortRequest> requests) {
        List<PortRequest> wanted =
                requests.stream().map(request -> withDefaults(request, network)).toList();
        wanted.forEach(request -> checkFamily(request, endpoint));
        return PortPlan.of(network, endpoint, wanted);
    }

    public void unpublish(NetworkId networkId, EndpointId id) {
        locks.runWithEndpoint(networkId, id, () -> {
            store.read(state -> state.endpoint(id))
                    .filter(endpoint -> endpoint.spec().network().equals(networkId))
                    .ifPresent(endpoint -> withdraw(endpoint, endpoint.state()));
        });
    }

    /**
     * Withdraws all ports of an endpoint, which goes on to {@code next}. The record names the ports until their rules are gone, so that a
     * repetition, or the next start, finds what remains.
     */
    void withdraw(Endpoint endpoint, EndpointState next) {
        List<PortRule> published = desired.ports(endpoint);
        if (!published.isEmpty()) {
            firewall.unpublish(published);
            flows.settle(List.of(), Publication.among(published));
        }
        Endpoint without = endpoint.publishing(List.of(), List.of()).in(next);
        if (!without.equals(endpoint)) {
            store.change(state -> {
                state.put(without);
            });
        }
        if (endpoint.isOnForeignLink()) {
            loopback.follow();
        }
        ports.keep(endpoint.spec(), List.of());
        if (!endpoint.ports().isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("network", endpoint.spec().network())
                    .addKeyValue("endpoint", endpoint.id())
                    .addKeyValue("ports", endpoint.ports().size())
                    .log("withdrew ports");
        }
    }

    /** Tries again to reserve ports that another process holds; whether one is left. */
    public boolean reclaim() {
        Set<EndpointId> waiting =
                ports.clashes().stream().map(PortClash::endpoint).collect(Collectors.toSet());
        for (EndpointId id : waiting) {
            store.read(state -> state.endpoint(id))
                    .ifPresent(seen -> locks.runWithEndpoint(seen.spec().network(), id, () -> {
                        store.read(state -> state.endpoint(id))
                                .filter(endpoint -> !endpoint.ports().isEmpty())
                                .ifPresent(ports::reclaim);
                    }));
        }
        return !ports.clashes().isEmpty();
    }

    /** Makes a plan all that a joined endpoint publishes; with its lock held. */
    public List<PortBinding> publish(Endpoint endpoint, PortPlan plan) {
        EndpointId id = endpoint.id();
        List<PortAssignment> assignments = assign(endpoint, plan.translated());
        List<PortBinding> bindings = PortAssignment.bindings(assignments);
        Endpoint published = endpoint.publishing(bindings, plan.open());
        List<PortRule> before = desired.ports(endpoint);
        List<PortRule> after = desired.ports(published);
        List<PortRule> stale = without(before, after);
        List<PortRule> fresh = without(after, before);
        Undo undo = new Undo();
        undo.add(() -> ports.abandon(id, assignments));
        try {
            ports.serve(endpoint.spec(), assignments);
            if (!published.equals(endpoint)) {
                store.change(state -> {
                    state.put(published);
                });
                undo.add(() -> store.change(state -> {
                    state.put(endpoint);
                }));
            }
            if (endpoint.isOnForeignLink()) {
                undo.add(loopback::follow);
                loopback.follow();
            }
            if (!stale.isEmpty()) {
                // Before the step: the kernel may do it and its answer be lost.
                undo.add(() -> firewall.publish(stale));
                firewall.unpublish(stale);
            }
            if (!fresh.isEmpty()) {
                publishFresh(fresh);
                undo.add(() -> firewall.unpublish(fresh));
            }
            if (!stale.isEmpty() || !fresh.isEmpty()) {
                flows.settle(Publication.among(fresh), Publication.among(stale));
            }
        } catch (RuntimeException e) {
            throw undo.because(e);
        }
        ports.keep(endpoint.spec(), assignments);
        firewalls.published(published);
        LOG.atInfo()
                .addKeyValue("network", endpoint.spec().network())
                .addKeyValue("endpoint", id)
                .addKeyValue("ports", bindings.size())
                .log("published");
        return bindings;
    }

    /** A refusal leaves nothing; when the kernel's answer is lost they may be there. What clashes is somebody else's. */
    private void publishFresh(List<PortRule> fresh) {
        try {
            firewall.publish(fresh);
        } catch (EngineException e) {
            if (e.code() != ErrorCode.CONFLICT) {
                Undo undo = new Undo();
                undo.add(() -> firewall.unpublish(fresh));
                throw undo.because(e);
            }
            throw e;
        }
    }

    private List<PortAssignment> assign(Endpoint endpoint, List<PortRequest> requests) {
        if (endpoint.spec().portHolder() == PortHolder.RUNTIME) {
            // No socket of another container's port tells.
            otherEndpoint(endpoint, requests).ifPresent(taken -> {
                throw taken;
            });
        }
        try {
            return ports.assign(endpoint.spec(), requests);
        } catch (EngineException e) {
            if (e.code() == ErrorCode.CONFLICT) {
                throw otherEndpoint(endpoint, requests).orElse(e);
            }
            throw e;
        }
    }

    /** Names the endpoint that has published one of the ports, which tells a person more than the daemon's own process id. */
    private Optional<EngineException> otherEndpoint(Endpoint endpoint, List<PortRequest> requests) {
        for (Endpoint other : store.read(state -> state.endpoints())) {
            if (other.id().equals(endpoint.id())) {
                continue;
            }
            for (PortRequest request : requests) {
                if (request.hostPorts().filter(range -> range.size() == 1).isPresent()
                        && other.ports().stream().anyMatch(binding -> clashes(binding, request))) {
                    return Optional.of(EngineException.conflict(describe(request) + " is already published by endpoint "
                            + other.id() + " of network " + other.spec().network()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean clashes(PortBinding binding, PortRequest request) {
        return binding.protocol() == request.protocol()
                && request.hostPorts().filter(binding.hostPorts()::overlaps).isPresent()
                && PortBinding.addressesOverlap(binding.hostAddress(), request.hostAddress());
    }

    /** {@code port 8080/tcp on 0.0.0.0 and ::}. */
    static String describe(PortRequest request) {
        return "port " + request.hostPorts().map(PortRange::toString).orElse("") + "/"
                + request.protocol().text() + " on "
                + request.hostAddress().map(IpAddress::toString).orElse(HostPorts.EVERY_ADDRESS);
    }

    private static PortRequest withDefaults(PortRequest request, Network network) {
        if (request.hostAddress().isPresent() || network.spec().hostBinding().isEmpty()) {
            return request;
        }
        return new PortRequest(
                request.protocol(), network.spec().hostBinding(), request.hostPorts(), request.containerPort());
    }

    private static void checkFamily(PortRequest request, Endpoint endpoint) {
        if (endpoint.spec().addresses().isEmpty()) {
            throw new EngineException(
                    ErrorCode.UNSUPPORTED,
                    "cannot publish " + describe(request)
                            + ": jnet gives the container no address on this network that it could lead to");
        }
        PortAccess access = PortAccess.of(endpoint.spec(), request.protocol(), request.hostAddress());
        if (access.kernel().isEmpty() && access.daemon().isEmpty()) {
            throw new EngineException(
                    ErrorCode.UNSUPPORTED, "cannot publish " + describe(request) + ": " + whyNobodyServes(request));
        }
    }

    private static String whyNobodyServes(PortRequest request) {
        boolean daemonOnly =
                request.hostAddress().filter(PortAccess::isOfDaemonOnly).isPresent();
        if (!daemonOnly) {
            return "the container has no address of that family on this network, and only tcp and udp to IPv6 addresses"
                    + " can be passed on to another family";
        }
        return request.protocol() == Protocol.SCTP
                ? "that address is served by the daemon only, which passes on tcp and udp: name another address"
                : "that address is served by the daemon only, and the container's runtime holds this port: name another address";
    }

    private static List<PortRule> without(List<PortRule> all, List<PortRule> some) {
        Set<PortRule> excluded = new HashSet<>(some);
        return all.stream().filter(one -> !excluded.contains(one)).toList();
    }
}
