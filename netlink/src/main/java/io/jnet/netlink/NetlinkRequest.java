package io.jnet.netlink;

/**
 * A message to the kernel. Immutable; sequence and port id are the socket's affair.
 *
 * @param type the message type
 * @param flags {@code NLM_F_...} beyond REQUEST and ACK, which the socket adds
 * @param header the family's struct
 * @param attributes what follows it
 * @param description what it attempts with which object, for errors
 * @param acknowledgement whether the kernel confirms it
 */
public record NetlinkRequest(
        int type,
        int flags,
        FamilyHeader header,
        Attributes attributes,
        Description description,
        Acknowledgement acknowledgement) {

    /**
     * What a request attempts, in lower case.
     *
     * @param operation {@code create bridge}
     * @param object {@code jbr-0123}
     */
    public record Description(String operation, String object) {}

    /** Whether the kernel confirms a message: those that frame an nfnetlink batch get no answer of their own. */
    public enum Acknowledgement {
        EXPECTED,
        NONE
    }

    /** A request that is confirmed, without flags and attributes. */
    public static NetlinkRequest of(int type, FamilyHeader header, String operation, String object) {
        return new NetlinkRequest(
                type, 0, header, Attributes.none(), new Description(operation, object), Acknowledgement.EXPECTED);
    }

    /** The same with these flags and those that it has. */
    public NetlinkRequest withFlags(int more) {
        return new NetlinkRequest(type, flags | more, header, attributes, description, acknowledgement);
    }

    /** The same with other attributes. */
    public NetlinkRequest withAttributes(Attributes others) {
        return new NetlinkRequest(type, flags, header, others, description, acknowledgement);
    }

    /** The same, not confirmed. */
    public NetlinkRequest withoutAcknowledgement() {
        return new NetlinkRequest(type, flags, header, attributes, description, Acknowledgement.NONE);
    }

    boolean isAcknowledged() {
        return acknowledgement == Acknowledgement.EXPECTED;
    }

    /** Appends the whole message. */
    void write(NetlinkWriter writer, int sequence, int portId) {
        int start = writer.length();
        int acknowledge = isAcknowledged() ? NetlinkFlags.NLM_F_ACK : 0;
        writer.u32(0)
                .u16(type)
                .u16(flags | NetlinkFlags.NLM_F_REQUEST | acknowledge)
                .s32(sequence)
                .s32(portId);
        header.write(writer);
        attributes.write(writer);
        writer.replaceU32(start, writer.length() - start);
        writer.align(NetlinkMessage.ALIGNMENT);
    }
}
