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
 * @param sticky whether owners get their addresses again
 */
public record PoolRequest(
        String space, AddressFamily family, Optional<IpPrefix> prefix, Optional<IpPrefix> part, boolean sticky) {}
