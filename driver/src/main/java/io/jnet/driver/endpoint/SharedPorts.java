package io.jnet.driver.endpoint;

import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.port.PortRequest;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * The published ports of a container that is on one network for IPv4 and on another one for IPv6. From Docker 28 on dockerd has both
 * endpoints publish all of them, and each is for host addresses of its own family then: alone it would serve those of the other one too.
 */
public final class SharedPorts {
    private final Engine engine;

    public SharedPorts(Engine engine) {
        this.engine = engine;
    }

    /**
     * Publishes what is for an endpoint of the ports of its container.
     *
     * @param hasOther whether dockerd says that another endpoint is the container's way for IPv6
     */
    public void publish(NetworkId network, EndpointId id, List<PortRequest> requests, boolean hasOther) {
        List<PortRequest> own = engine.findEndpoint(id)
                .flatMap(endpoint -> family(endpoint, hasOther))
                .map(family -> limited(requests, engine.network(network.value()), family))
                .orElse(requests);
        engine.publish(network, id, own);
    }

    /** The one that its ports are for; empty for both. */
    private Optional<AddressFamily> family(Endpoint endpoint, boolean hasOther) {
        if (hasOther && isOnly(endpoint, AddressFamily.INET)) {
            siblings(endpoint, AddressFamily.INET6).forEach(this::leaveInet);
            return Optional.of(AddressFamily.INET);
        }
        return Optional.of(AddressFamily.INET6)
                .filter(family -> isOnly(endpoint, family)
                        && !siblings(endpoint, AddressFamily.INET).isEmpty());
    }

    /** One that came first, and has taken the ports for IPv4 as well. */
    private void leaveInet(Endpoint endpoint) {
        NetworkId network = endpoint.spec().network();
        if (endpoint.ports().stream().anyMatch(binding -> binding.hostAddress().isEmpty())) {
            List<PortRequest> ports = endpoint.ports().stream()
                    .flatMap(binding -> binding.requests().stream())
                    .toList();
            engine.unpublish(network, endpoint.id());
            engine.publish(
                    network, endpoint.id(), limited(ports, engine.network(network.value()), AddressFamily.INET6));
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

    private List<Endpoint> siblings(Endpoint endpoint, AddressFamily family) {
        return engine.endpoints().stream()
                .filter(other -> !other.id().equals(endpoint.id()))
                .filter(other ->
                        other.state() == EndpointState.JOINED && other.sandbox().equals(endpoint.sandbox()))
                .filter(other -> isOnly(other, family))
                .toList();
    }

    private static boolean isOnly(Endpoint endpoint, AddressFamily family) {
        return !endpoint.spec().addresses().isEmpty()
                && endpoint.spec().addresses().stream()
                        .allMatch(address -> address.address().family() == family);
    }
}
