package io.jnet.netlink.nftables;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;

/**
 * Message types of nftables (include/uapi/linux/netfilter/nf_tables.h), with the subsystem in the high byte, as netlink has them
 * (include/uapi/linux/netfilter/nfnetlink.h): requests, their answers and events alike.
 */
public final class NftablesMessage {
    public static final int NFNL_SUBSYS_NFTABLES = 10;

    /** The family of tables for IPv4 and IPv6 (include/uapi/linux/netfilter.h). */
    static final int NFPROTO_INET = 1;

    private static final int BASE = NFNL_SUBSYS_NFTABLES << Byte.SIZE;

    public static final int NFT_MSG_NEWTABLE = BASE;
    public static final int NFT_MSG_GETTABLE = BASE | 1;
    public static final int NFT_MSG_DELTABLE = BASE | 2;

    public static final int NFT_MSG_NEWCHAIN = BASE | 3;
    public static final int NFT_MSG_GETCHAIN = BASE | 4;
    public static final int NFT_MSG_DELCHAIN = BASE | 5;

    public static final int NFT_MSG_NEWRULE = BASE | 6;
    public static final int NFT_MSG_GETRULE = BASE | 7;
    public static final int NFT_MSG_DELRULE = BASE | 8;

    public static final int NFT_MSG_GETSET = BASE | 10;
    public static final int NFT_MSG_DELSET = BASE | 11;

    public static final int NFT_MSG_NEWSETELEM = BASE | 12;
    public static final int NFT_MSG_GETSETELEM = BASE | 13;
    public static final int NFT_MSG_DELSETELEM = BASE | 14;

    public static final int NFT_MSG_NEWGEN = BASE | 15;
    public static final int NFT_MSG_TRACE = BASE | 17;

    private NftablesMessage() {}

    /** What the kernel says of a table, chain, rule or set, or a list of elements. */
    static Attributes attributes(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        NetfilterHeader.read(reader);
        Attributes attributes = Attributes.read(reader);
        reader.finish("nftables message");
        return attributes;
    }
}
