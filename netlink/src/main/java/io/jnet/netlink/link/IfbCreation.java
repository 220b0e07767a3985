package io.jnet.netlink.link;

/**
 * An ifb link to be made, up: it hands back what it is given to send, to where that came from (Documentation/networking/ifb).
 *
 * @param name its name, which must be free
 * @param mac its address, which no packet carries
 * @param mtu in bytes
 * @param alias at most 255 bytes
 */
public record IfbCreation(InterfaceName name, MacAddress mac, int mtu, String alias) {}
