package io.jnet.netlink.link;

/**
 * A bridge to be made: without spanning tree, forwarding at once, up.
 *
 * @param name its name, which must be free
 * @param mac its address; given, so that it does not change with the ports
 * @param mtu in bytes
 * @param alias at most 255 bytes
 */
public record BridgeCreation(InterfaceName name, MacAddress mac, int mtu, String alias) {}
