package io.jnet.netlink;

/**
 * The header of every netlink message.
 *
 * <pre>
 * struct nlmsghdr { __u32 nlmsg_len; __u16 nlmsg_type; __u16 nlmsg_flags; __u32 nlmsg_seq; __u32 nlmsg_pid; };
 * </pre>
 *
 * @param type the message type
 * @param flags {@code NLM_F_...}
 * @param sequence chosen by the sender of a request; answers repeat it; 0 in events
 * @param portId the port id of the socket that the request came from; 0 for the kernel
 */
public record NetlinkHeader(int type, int flags, int sequence, int portId) {
    /** Bytes of the header. */
    public static final int LENGTH = 16;
}
