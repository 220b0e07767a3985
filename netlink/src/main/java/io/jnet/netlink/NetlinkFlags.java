package io.jnet.netlink;

/** {@code NLM_F_...} of include/uapi/linux/netlink.h. */
public final class NetlinkFlags {
    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_MULTI = 0x2;
    public static final int NLM_F_ACK = 0x4;
    public static final int NLM_F_ECHO = 0x8;
    public static final int NLM_F_DUMP_INTR = 0x10;

    /** For requests that get: {@code NLM_F_ROOT | NLM_F_MATCH}. */
    public static final int NLM_F_DUMP = 0x300;

    /** For requests that make something new: override what exists. */
    public static final int NLM_F_REPLACE = 0x100;

    public static final int NLM_F_EXCL = 0x200;
    public static final int NLM_F_CREATE = 0x400;
    public static final int NLM_F_APPEND = 0x800;

    /** In an answer: the request's payload was cut off (NETLINK_CAP_ACK). */
    public static final int NLM_F_CAPPED = 0x100;
    /** In an answer: extended acknowledgement attributes follow. */
    public static final int NLM_F_ACK_TLVS = 0x200;

    private NetlinkFlags() {}
}
