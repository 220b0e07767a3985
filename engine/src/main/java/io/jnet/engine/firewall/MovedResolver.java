package io.jnet.engine.firewall;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;

/**
 * What answers a network's names at another port than 53, because that is left to others.
 *
 * @param bridge the network's bridge
 * @param address the bridge's address that containers ask
 * @param port where it listens, of UDP and of TCP
 */
public record MovedResolver(InterfaceName bridge, IpAddress address, int port) {}
