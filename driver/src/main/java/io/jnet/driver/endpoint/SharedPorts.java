package io.jnet.driver.endpoint;

import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRequest;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The published ports of a container that has its gateway for IPv4 on one network and that for IPv6 on another one. From Docker 28 on dockerd has
 * both endpoints publish all of them, and each is for host addresses of its own family then: alone it would serve those of the other one too.
 */
public final class SharedPorts {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPorts.class);

    private final Engine engine;

    public SharedPorts(Engine engine) {
        this.engine = engine;
    }

    /**
     * Publishes what is for an endpoint of the ports of its container.
     *
     * @param hasOther whether dockerd says that the container has another endpoint as its way for the other family. From Docker 29 on only the
     *     way for IPv4 is told so; Docker 28 tells whichever joins
     */
    public void publish(NetworkId network, EndpointId id, List<PortRequest> requests, boolean hasOther) {
        Optional<Endpoint> known = engine.findEndpoint(id);
        List<PortRequest> own = known.flatMap(endpoint -> family(endpoint, requests, hasOther))
                .map(family -> limited(requests, engine.network(network.value()), family))
                .orElse(requests);
        engine.publish(
                network, id, known.map(endpoint -> reachable(endpoint, own)).orElse(own));
    }

    /** The one that its ports are for; empty for both. */
    private Optional<AddressFamily> family(Endpoint endpoint, List<PortRequest> requests, boolean hasOther) {
        if (!hasOther && !has(endpoint, AddressFamily.INET6)) {
            return Optional.empty();
        }
        List<Endpoint> others = publishing(endpoint, requests);
        boolean isForInet6 = has(endpoint, AddressFamily.INET6)
                && (hasOther
                        ? !has(endpoint, AddressFamily.INET)
                                || others.stream().anyMatch(other -> !has(other, AddressFamily.INET6))
                        : !others.isEmpty());
        if (isForInet6) {
            return Optional.of(AddressFamily.INET6);
        }
        if (!hasOther) {
            return Optional.empty();
        }
        others.forEach(this::leaveInet);
        return Optional.of(AddressFamily.INET);
    }

    private static boolean has(Endpoint endpoint, AddressFamily family) {
        return endpoint.spec().address(family).isPresent();
    }

    /**
     * Without those for an IPv4 address of the host that lead to an endpoint without IPv4. Docker's own driver passes them over too: another
     * network of the container may serve them, and which of both is asked first is a matter of chance.
     */
    private List<PortRequest> reachable(Endpoint endpoint, List<PortRequest> requests) {
        if (has(endpoint, AddressFamily.INET)) {
            return requests;
        }
        NetworkId network = endpoint.spec().network();
        Optional<IpAddress> usual = engine.network(network.value()).spec().hostBinding();
        return requests.stream()
                .filter(request -> {
                    Optional<IpAddress> inet = request.hostAddress()
                            .or(() -> usual)
                            .filter(address -> address.family() == AddressFamily.INET);
                    inet.ifPresent(address -> LOG.atWarn()
                            .addKeyValue("network", network)
                            .addKeyValue("endpoint", endpoint.id())
                            .addKeyValue("address", address)
                            .log("not published on this network, where the container has no IPv4 address"));
                    return inet.isEmpty();
                })
                .toList();
    }

    /** One that came first, and has taken the ports for IPv4 as well. */
    private void leaveInet(Endpoint endpoint) {
        if (!has(endpoint, AddressFamily.INET6)
                || endpoint.ports().stream()
                        .allMatch(binding -> binding.hostAddress().isPresent())) {
            return;
        }
        NetworkId network = endpoint.spec().network();
        List<PortRequest> ports = endpoint.ports().stream()
                .flatMap(binding -> binding.requests().stream())
                .toList();
        // A socket for both families keeps the endpoint itself from the one for IPv6.
        engine.unpublish(network, endpoint.id());
        try {
            engine.publish(
                    network, endpoint.id(), limited(ports, engine.network(network.value()), AddressFamily.INET6));
        } catch (RuntimeException taken) {
            try {
                engine.publish(network, endpoint.id(), ports);
            } catch (RuntimeException again) {
                taken.addSuppressed(again);
            }
            throw taken;
        }
    }

    private static List<PortRequest> limited(List<PortRequest> requests, Network network, AddressFamily family) {
        return requests.stream()
                .flatMap(request -> limited(request, network, family).stream())
                .toList();
    }

    /** The host addresses of one family that a request means; none where it is about the other one. */
    private static Optional<PortRequest> limited(PortRequest request, Network network, AddressFamily family) {
        IpAddress host =
                request.hostAddress().or(() -> network.spec().hostBinding()).orElseGet(() -> IpAddress.any(family));
        return Optional.of(new PortRequest(
                        request.protocol(), Optional.of(host), request.hostPorts(), request.containerPort()))
                .filter(one -> host.family() == family);
    }

    /** The other endpoints of the container that publish some of these ports: only those that are its gateway do. */
    private List<Endpoint> publishing(Endpoint endpoint, List<PortRequest> requests) {
        return engine.endpoints().stream()
                .filter(other -> !other.id().equals(endpoint.id()))
                .filter(other ->
                        other.state() == EndpointState.JOINED && other.sandbox().equals(endpoint.sandbox()))
                .filter(other -> other.ports().stream()
                        .anyMatch(binding -> requests.stream().anyMatch(request -> isSame(binding, request))))
                .toList();
    }

    private static boolean isSame(PortBinding binding, PortRequest request) {
        int port = request.containerPort();
        return binding.protocol() == request.protocol()
                && binding.containerPorts().first() <= port
                && port <= binding.containerPorts().last()
                && request.hostPorts().map(binding.hostPorts()::overlaps).orElse(true);
    }
}
