package io.jnet.engine.endpoint;

import io.jnet.engine.port.OpenPort;
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
 * @param open the ports that are reached at the container's own address
 * @param state how far the endpoint's life has come
 */
public record Endpoint(
        EndpointSpec spec,
        InterfaceName hostLink,
        InterfaceName peerLink,
        MacAddress mac,
        Optional<String> sandbox,
        List<PortBinding> ports,
        List<OpenPort> open,
        EndpointState state) {

    public Endpoint {
        ports = List.copyOf(ports);
        // Absent in records of earlier versions.
        open = open == null ? List.of() : List.copyOf(open);
    }

    /** The identity of the endpoint. */
    public EndpointId id() {
        return spec.id();
    }

    /** The MAC address of the veth's end on the bridge; a high one, so that no bridge takes it for its own. */
    public MacAddress hostMac() {
        byte[] bytes = mac.bytes();
        bytes[0] = (byte) 0xfe;
        return MacAddress.of(bytes);
    }

    /** The same endpoint in another state. */
    public Endpoint in(EndpointState other) {
        return new Endpoint(spec, hostLink, peerLink, mac, sandbox, ports, open, other);
    }

    /** The same endpoint, in a sandbox. */
    public Endpoint inSandbox(String key) {
        return new Endpoint(spec, hostLink, peerLink, mac, Optional.of(key), ports, open, state);
    }

    /** The same endpoint with other published ports. */
    public Endpoint publishing(List<PortBinding> bindings, List<OpenPort> opened) {
        return new Endpoint(spec, hostLink, peerLink, mac, sandbox, bindings, opened, state);
    }
}
