package io.jnet.netlink;

/** The netlink protocols that this layer speaks (include/uapi/linux/netlink.h). */
public enum NetlinkProtocol {
    /** Links, addresses, routes, neighbours: rtnetlink(7). */
    ROUTE(0),
    /** nftables and conntrack: nfnetlink. */
    NETFILTER(12);

    private final int number;

    NetlinkProtocol(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
