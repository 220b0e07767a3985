package io.jnet.engine.endpoint;

import io.jnet.engine.port.PortBinding;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint as the store holds it.
 *
 * @param spec what was asked for
 * @param hostLink the name of the veth's end on the bridge
 * @param peerLink the name of the container's end while it is in the host's namespace
 * @param mac the container's MAC address
 * @param sandbox what the front end calls the container's network namespace, once it has joined one
 * @param ports the published ports
 * @param state how far the endpoint's life has come
 */
public record Endpoint(
        EndpointSpec spec,
        InterfaceName hostLink,
        InterfaceName peerLink,
        MacAddress mac,
        Optional<String> sandbox,
        List<PortBinding> ports,
        EndpointState state) {

    public Endpoint {
        ports = List.copyOf(ports);
    }

    /** The identity of the endpoint. */
    public EndpointId id() {
        return spec.id();
    }

    /** The same endpoint in another state. */
    public Endpoint in(EndpointState other) {
        return new Endpoint(spec, hostLink, peerLink, mac, sandbox, ports, other);
    }

    /** The same endpoint, in a sandbox. */
    public Endpoint inSandbox(String key) {
        return new Endpoint(spec, hostLink, peerLink, mac, Optional.of(key), ports, state);
    }

    /** The same endpoint with other published ports. */
    public Endpoint publishing(List<PortBinding> bindings) {
        return new Endpoint(spec, hostLink, peerLink, mac, sandbox, bindings, state);
    }
}
