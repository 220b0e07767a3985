package io.jnet.engine.link;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.MacAddress;

/**
 * A neighbour that the host was told of.
 *
 * @param link the index of the link that it is on
 * @param address its address
 * @param mac its MAC address
 */
public record LearnedNeighbour(int link, IpAddress address, MacAddress mac) {}
