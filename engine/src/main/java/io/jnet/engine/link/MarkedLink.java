package io.jnet.engine.link;

import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A link of the host that carries jnet's mark, in a place where only the host's root can have put it.
 *
 * @param name its name
 * @param index its index
 * @param mark its mark
 * @param shape what it is
 * @param mac its MAC address
 * @param mtu its MTU, in bytes
 * @param promiscuous whether it takes all frames
 * @param master the index of the bridge that it is a port of
 */
public record MarkedLink(
        InterfaceName name,
        int index,
        LinkMark mark,
        Shape shape,
        Optional<MacAddress> mac,
        int mtu,
        boolean promiscuous,
        OptionalInt master) {

    /** What a marked link can be. */
    public enum Shape {
        BRIDGE,
        VETH,
        /** An ifb link, or anything else. */
        OTHER
    }
}
