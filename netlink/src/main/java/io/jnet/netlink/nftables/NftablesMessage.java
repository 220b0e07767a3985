package io.jnet.netlink.nftables;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;

/** Message types and families of include/uapi/linux/netfilter/nf_tables.h and include/uapi/linux/netfilter.h. */
final class NftablesMessage {
    static final int NFNL_SUBSYS_NFTABLES = 10;
    static final int NFPROTO_INET = 1;

    static final int GETTABLE = 1;
    static final int GETCHAIN = 4;
    static final int NEWRULE = 6;
    static final int GETRULE = 7;
    static final int GETSET = 10;
    static final int NEWSETELEM = 12;
    static final int GETSETELEM = 13;
    static final int DELSETELEM = 14;
    static final int NEWGEN = 15;
    static final int GETGEN = 16;
    static final int TRACE = 17;

    private NftablesMessage() {}

    /** What the kernel says of a table, chain, rule or set, or a list of elements. */
    static Attributes attributes(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        NetfilterHeader.read(reader);
        Attributes attributes = Attributes.read(reader);
        reader.finish("nftables message");
        return attributes;
    }

    /** The netlink message type: the subsystem in the high byte. */
    static int type(int message) {
        return NFNL_SUBSYS_NFTABLES << Byte.SIZE | message;
    }
}
