package io.jnet.netlink.link;

/**
 * An ifb link to be made, without a link-local IPv6 address: it hands back what it is given to send, to where that came from
 * (drivers/net/ifb.c).
 *
 * @param name its name, which must be free
 * @param mac its address, which no packet carries
 * @param mtu in bytes
 * @param alias at most 255 bytes
 */
public record IfbCreation(InterfaceName name, MacAddress mac, int mtu, String alias) {}
