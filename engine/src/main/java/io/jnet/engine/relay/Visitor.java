package io.jnet.engine.relay;

import io.jnet.netlink.address.IpAddress;

/**
 * Who asks to be served.
 *
 * @param address the client's address
 * @param link the index of the link that a link-local address is on; 0 for other addresses
 */
public record Visitor(IpAddress address, int link) {}
