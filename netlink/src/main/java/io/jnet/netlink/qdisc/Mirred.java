package io.jnet.netlink.qdisc;

import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;

/**
 * What an action {@code mirred} does.
 *
 * <pre>
 * struct tc_mirred { __u32 index; __u32 capab; int action; int refcnt; int bindcnt; int eaction; __u32 ifindex; };
 * </pre>
 *
 * @param action what becomes of the packet, {@code TC_ACT_...}
 * @param direction {@code TCA_EGRESS_...}, {@code TCA_INGRESS_...}
 * @param link the index of the link that gets the packet or its copy
 */
record Mirred(int action, int direction, int link) {
    private static final int TC_ACT_STOLEN = 4;
    private static final int TCA_EGRESS_REDIR = 1;

    /** The link sends the packet, and nobody else sees it. */
    static Mirred redirection(int link) {
        return new Mirred(TC_ACT_STOLEN, TCA_EGRESS_REDIR, link);
    }

    static Mirred read(NetlinkReader reader) {
        reader.u32();
        reader.u32();
        int action = reader.s32();
        reader.s32();
        reader.s32();
        return new Mirred(action, reader.s32(), reader.s32());
    }

    static void write(NetlinkWriter writer, Mirred mirred) {
        writer.u32(0)
                .u32(0)
                .s32(mirred.action)
                .s32(0)
                .s32(0)
                .s32(mirred.direction)
                .s32(mirred.link);
    }

    boolean isRedirection() {
        return direction == TCA_EGRESS_REDIR;
    }
}
