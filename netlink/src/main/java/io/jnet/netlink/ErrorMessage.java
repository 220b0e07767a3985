package io.jnet.netlink;

import io.jnet.netlink.libc.Errno;

/**
 * The kernel's verdict on one message, from NLMSG_ERROR or at the end of a dump from NLMSG_DONE.
 *
 * <pre>
 * struct nlmsgerr { int error; struct nlmsghdr msg; }; then with NLM_F_ACK_TLVS attributes
 * </pre>
 *
 * @param error 0 for success, otherwise the errno
 * @param text the kernel's text; empty when there is none
 * @param offset of the offending attribute in the request, or {@link NetlinkException#NO_OFFSET}
 */
record ErrorMessage(int error, String text, int offset) {
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;

    private static final Attribute<String> NLMSGERR_ATTR_MSG =
            Attribute.of(1, "NLMSGERR_ATTR_MSG", AttributeCodec.STRING);
    private static final Attribute<Long> NLMSGERR_ATTR_OFFS = Attribute.of(2, "NLMSGERR_ATTR_OFFS", AttributeCodec.U32);

    static ErrorMessage decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        int error = -reader.s32();
        if (message.type() == NLMSG_ERROR) {
            skipRequest(message, reader);
        }
        boolean extended = message.hasFlags(NetlinkFlags.NLM_F_ACK_TLVS);
        Attributes attributes = extended ? Attributes.read(reader) : Attributes.none();
        reader.finish("netlink error");
        return new ErrorMessage(
                error,
                attributes.get(NLMSGERR_ATTR_MSG).orElse(""),
                attributes.get(NLMSGERR_ATTR_OFFS).map(Long::intValue).orElse(NetlinkException.NO_OFFSET));
    }

    boolean isSuccess() {
        return error == 0;
    }

    NetlinkException toException(NetlinkRequest.Description description) {
        return new NetlinkException(description.operation(), description.object(), Errno.of(error), text, offset);
    }

    private static void skipRequest(NetlinkMessage message, NetlinkReader reader) {
        long requestLength = reader.u32();
        reader.bytes(NetlinkHeader.LENGTH - Integer.BYTES);
        if (!message.hasFlags(NetlinkFlags.NLM_F_CAPPED) && message.hasFlags(NetlinkFlags.NLM_F_ACK_TLVS)) {
            reader.bytes((int) Math.min(requestLength - NetlinkHeader.LENGTH, Integer.MAX_VALUE));
            reader.align(NetlinkMessage.ALIGNMENT);
        }
    }
}
