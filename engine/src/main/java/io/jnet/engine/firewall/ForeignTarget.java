package io.jnet.engine.firewall;

import io.jnet.netlink.address.IpPrefix;

/**
 * An address that published ports lead to and that is on no network of jnet: what goes there because of them is let through, and its
 * neighbours come by the host's address, since they would not send their answers this way otherwise.
 *
 * @param address the container's, with the length of the subnet that its neighbours are in
 */
public record ForeignTarget(IpPrefix address) implements PortRule {}
