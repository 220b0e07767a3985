package io.jnet.netlink;

/** Numbers of multicast groups, for {@link NetlinkMonitor}. */
public final class NetlinkGroup {
    /** Links (include/uapi/linux/rtnetlink.h). */
    public static final int RTNLGRP_LINK = 1;

    public static final int RTNLGRP_IPV4_IFADDR = 5;
    public static final int RTNLGRP_IPV4_ROUTE = 7;
    public static final int RTNLGRP_IPV6_IFADDR = 9;
    public static final int RTNLGRP_IPV6_ROUTE = 11;

    /** Settings of interfaces and of the whole namespace, such as forwarding. */
    public static final int RTNLGRP_IPV4_NETCONF = 24;

    public static final int RTNLGRP_IPV6_NETCONF = 25;

    /** Changes of the nftables ruleset (include/uapi/linux/netfilter/nfnetlink.h). */
    public static final int NFNLGRP_NFTABLES = 7;

    /** What rules decide about packets that are traced. */
    public static final int NFNLGRP_NFTRACE = 9;

    private NetlinkGroup() {}
}
