package io.jnet.netlink.nftables;

import io.jnet.netlink.address.AddressFamily;

/**
 * A chain of a table for one address family, as in {@code nft list chain ip filter FORWARD}.
 *
 * @param family {@code ip} or {@code ip6}
 * @param table the table's name
 * @param chain the chain's name
 */
public record ChainReference(AddressFamily family, String table, String chain) {

    /** {@code NFPROTO_IPV4} and {@code NFPROTO_IPV6} are 2 and 10, the numbers of the address families. */
    int protocolFamily() {
        return family.number();
    }

    /** {@code ip filter FORWARD}. */
    @Override
    public String toString() {
        return (family == AddressFamily.INET ? "ip " : "ip6 ") + table + " " + chain;
    }
}
