package io.jnet.netlink.link;

import java.util.Optional;

/**
 * One end of a veth pair to be made.
 *
 * @param name its name, which must be free in the namespace where it is placed
 * @param mac its address; random when empty
 */
public record VethEnd(InterfaceName name, Optional<MacAddress> mac) {
    /** An end with a given address. */
    public static VethEnd of(InterfaceName name, MacAddress mac) {
        return new VethEnd(name, Optional.of(mac));
    }

    /** An end with a random address. */
    public static VethEnd of(InterfaceName name) {
        return new VethEnd(name, Optional.empty());
    }
}
