package io.jnet.ipam.pool;

import io.jnet.netlink.address.IpPrefix;
import java.util.Set;

/** What this host knows of addresses that are in use: a port of the address management, to the host. */
@FunctionalInterface
public interface HostRanges {
    /**
     * The destinations of its routes in all tables, its addresses and its name servers, of both families; not the whole of a family, and
     * not halves of it, which are a default route in two parts.
     */
    Set<IpPrefix> known();

    /**
     * Halves of IPv4 that a route without a gateway leads to. They are a default route in two parts too, but dockerd refuses each pool that
     * lies in one, and asks for another.
     */
    default Set<IpPrefix> directHalves() {
        return Set.of();
    }
}
