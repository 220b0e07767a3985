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
 * @param hostLink the name of the host's end of the veth pair
 * @param peerLink the name of the container's end while it is in the host's namespace
 * @param mac the container's MAC address
 * @param sandbox what the front end calls the container's network namespace, once it has joined one
 * @param ports the published ports
 * @param open the ports that are reached at the container's own address
 * @param state how far the endpoint's life has come
 * @param shaper the name of the ifb link that delays what the container sends; empty where that is not limited
 * @param way where another program made the links: the host's interface by which it reaches the container, the host's end itself or a
 *     bridge; empty: the links are the engine's
 */
public record Endpoint(
        EndpointSpec spec,
        InterfaceName hostLink,
        InterfaceName peerLink,
        MacAddress mac,
        Optional<String> sandbox,
        List<PortBinding> ports,
        List<OpenPort> open,
        EndpointState state,
        Optional<InterfaceName> shaper,
        Optional<InterfaceName> way) {
    /** What the names of the host's ends of the engine's own veth pairs begin with. */
    public static final String HOST_LINK_PREFIX = "jv";

    /** What the names of the ifb links begin with that delay what containers send. */
    public static final String SHAPER_PREFIX = "ji";

    private static final int HIGHEST = 0xfe;
    private static final int NEXT_HIGHEST = 0xf6;

    /** An endpoint that may send as fast as it can. */
    public Endpoint(
            EndpointSpec spec,
            InterfaceName hostLink,
            InterfaceName peerLink,
            MacAddress mac,
            Optional<String> sandbox,
            List<PortBinding> ports,
            List<OpenPort> open,
            EndpointState state) {
        this(spec, hostLink, peerLink, mac, sandbox, ports, open, state, Optional.empty(), Optional.empty());
    }

    @SuppressWarnings("OptionalAssignedToNull") // absent in records of earlier versions
    public Endpoint {
        ports = List.copyOf(ports);
        // Absent in records of earlier versions.
        open = open == null ? List.of() : List.copyOf(open);
        shaper = shaper == null ? Optional.empty() : shaper;
        way = way == null ? Optional.empty() : way;
    }

    /** The identity of the endpoint. */
    public EndpointId id() {
        return spec.id();
    }

    /** Whether no container has joined it, or it has left. */
    public boolean isUnjoined() {
        return state == EndpointState.CREATED || state == EndpointState.LEFT;
    }

    /** Whether another program made the links, and keeps them. */
    public boolean isOnForeignLink() {
        return way.isPresent();
    }

    /**
     * The MAC address of the veth's end on the bridge; a high one, so that no bridge takes it for its own, and never the container's: the bridge keeps
     * for the host what is sent to an address of its ports.
     */
    public MacAddress hostMac() {
        return mac((mac.bytes()[0] & 0xff) == HIGHEST ? NEXT_HIGHEST : HIGHEST);
    }

    /** The MAC address of the ifb link, which no packet carries. */
    public MacAddress shaperMac() {
        return mac(0xfa);
    }

    /** The same endpoint in another state. */
    public Endpoint in(EndpointState other) {
        return new Endpoint(spec, hostLink, peerLink, mac, sandbox, ports, open, other, shaper, way);
    }

    /** The same endpoint, in a sandbox. */
    public Endpoint inSandbox(String key) {
        return new Endpoint(spec, hostLink, peerLink, mac, Optional.of(key), ports, open, state, shaper, way);
    }

    /** The same endpoint as it was when it was created: in no sandbox, without ports. */
    public Endpoint afresh() {
        return new Endpoint(
                spec,
                hostLink,
                peerLink,
                mac,
                Optional.empty(),
                List.of(),
                List.of(),
                EndpointState.CREATED,
                shaper,
                way);
    }

    /** The same endpoint with other published ports. */
    public Endpoint publishing(List<PortBinding> bindings, List<OpenPort> opened) {
        return new Endpoint(spec, hostLink, peerLink, mac, sandbox, bindings, opened, state, shaper, way);
    }

    private MacAddress mac(int firstByte) {
        byte[] bytes = mac.bytes();
        bytes[0] = (byte) firstByte;
        return MacAddress.of(bytes);
    }
}
