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
    private final byte[] value;

    RawAttribute(int typeField, byte[] value) {
        this.typeField = typeField;
        this.value = value;
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
        return value.clone();
    }

    /** A reader of the value. */
    NetlinkReader reader() {
        return NetlinkReader.of(value);
    }

    /** Reads one attribute; null-free: after an error the result is empty and the reader has kept the error. */
    static RawAttribute read(NetlinkReader reader) {
        int length = reader.u16();
        int typeField = reader.u16();
        if (length < HEADER_LENGTH) {
            reader.fail("attribute of length " + length);
        }
        byte[] value = reader.bytes(length - HEADER_LENGTH);
        reader.align(ALIGNMENT);
        return new RawAttribute(typeField, value);
    }

    /**
     * @throws IllegalArgumentException when the value is longer than the 16-bit length field allows
     */
    void write(NetlinkWriter writer) {
        writer.u16(HEADER_LENGTH + value.length).u16(typeField).bytes(value).align(ALIGNMENT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawAttribute that && typeField == that.typeField && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * typeField + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return type() + "=" + HexFormat.of().formatHex(value);
    }
}
