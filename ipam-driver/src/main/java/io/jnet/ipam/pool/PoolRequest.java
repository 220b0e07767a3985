package io.jnet.ipam.pool;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/**
 * What a network asks for.
 *
 * @param space the address space
 * @param family the address family
 * @param prefix the range; absent: chosen
 * @param part the part of the range that addresses are chosen from
 * @param limits the same, where it is no prefix
 * @param sticky whether owners get their addresses again
 */
public record PoolRequest(
        String space,
        AddressFamily family,
        Optional<IpPrefix> prefix,
        Optional<IpPrefix> part,
        Optional<AddressRange> limits,
        boolean sticky) {

    /** A request without limits but a prefix. */
    public PoolRequest(
            String space, AddressFamily family, Optional<IpPrefix> prefix, Optional<IpPrefix> part, boolean sticky) {
        this(space, family, prefix, part, Optional.empty(), sticky);
    }
}
