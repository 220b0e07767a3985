package io.jnet.ipam.lease;

import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/**
 * What a network or container asks a pool for.
 *
 * @param address the address; absent: chosen
 * @param gateway whether it is for the network's gateway
 * @param owner who asks, where it is known
 */
public record AddressRequest(Optional<IpAddress> address, boolean gateway, Optional<String> owner) {}
