package io.jnet.netlink;

import java.util.Arrays;
import java.util.HexFormat;

/** One attribute as it is on the wire: type, the two flag bits of the type field, and the bytes of the value. Immutable. */
public final class RawAttribute {
    /** {@code struct nlattr { __u16 nla_len; __u16 nla_type; }}. */
    static final int HEADER_LENGTH = 4;

    static final int ALIGNMENT = 4;
    /** {@code NLA_F_NESTED} and {@code NLA_F_NET_BYTEORDER}. */
    static final int FLAG_BITS = 0xc000;

    private final int typeField;
    /** The bytes of a whole message, of which those from {@code start} to {@code end} are this attribute's value: hundreds of values are not copied. */
    private final byte[] data;

    private final int start;
    private final int end;

    RawAttribute(int typeField, byte[] value) {
        this(typeField, value, 0, value.length);
    }

    /** A part of bytes that nobody changes. */
    RawAttribute(int typeField, byte[] data, int start, int end) {
        this.typeField = typeField;
        this.data = data;
        this.start = start;
        this.end = end;
    }

    /**
     * @param type without flag bits
     */
    public static RawAttribute of(int type, byte[] value) {
        return new RawAttribute(type, value.clone());
    }

    /** The type, without flag bits. */
    public int type() {
        return typeField & ~FLAG_BITS;
    }

    /** The bytes, a copy. */
    public byte[] value() {
        return Arrays.copyOfRange(data, start, end);
    }

    /** The same with its own bytes only: what is kept for long is not to keep a whole message. */
    public RawAttribute alone() {
        return new RawAttribute(typeField, value());
    }

    /** A reader of the value. */
    NetlinkReader reader() {
        return NetlinkReader.of(data, start, end);
    }

    /** Reads one attribute; null-free: after an error the result is empty and the reader has kept the error. */
    static RawAttribute read(NetlinkReader reader) {
        int length = reader.u16();
        int typeField = reader.u16();
        if (length < HEADER_LENGTH) {
            reader.fail("attribute of length " + length);
        }
        RawAttribute attribute = reader.attribute(typeField, length - HEADER_LENGTH);
        reader.align(ALIGNMENT);
        return attribute;
    }

    /**
     * @throws IllegalArgumentException when the value is longer than the 16-bit length field allows
     */
    void write(NetlinkWriter writer) {
        writer.u16(HEADER_LENGTH + end - start).u16(typeField).bytes(value()).align(ALIGNMENT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawAttribute that
                && typeField == that.typeField
                && Arrays.equals(data, start, end, that.data, that.start, that.end);
    }

    @Override
    public int hashCode() {
        return 31 * typeField + Arrays.hashCode(value());
    }

    @Override
    public String toString() {
        return type() + "=" + HexFormat.of().formatHex(data, start, end);
    }
}
