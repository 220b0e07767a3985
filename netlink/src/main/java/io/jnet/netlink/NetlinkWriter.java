package io.jnet.netlink;

import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes a message into a buffer that grows. */
public final class NetlinkWriter {
    private final ByteOrder order;
    private final Buffer buffer;

    private NetlinkWriter(ByteOrder order, Buffer buffer) {
        this.order = order;
        this.buffer = buffer;
    }

    /** An empty writer, integers in the byte order of the machine. */
    public static NetlinkWriter create() {
        return new NetlinkWriter(ByteOrder.nativeOrder(), new Buffer());
    }

    /** Writes to the same buffer, integers in another byte order. */
    public NetlinkWriter withOrder(ByteOrder newOrder) {
        return new NetlinkWriter(newOrder, buffer);
    }

    /**
     * @throws IllegalArgumentException when the value is not in 0 to 255
     */
    public NetlinkWriter u8(int value) {
        return unsigned(value, Byte.BYTES);
    }

    /**
     * @throws IllegalArgumentException when the value is not in 0 to 65535
     */
    public NetlinkWriter u16(int value) {
        return unsigned(value, Short.BYTES);
    }

    /**
     * @throws IllegalArgumentException when the value is not in 0 to 2^32 - 1
     */
    public NetlinkWriter u32(long value) {
        return unsigned(value, Integer.BYTES);
    }

    /** Writes four bytes, signed. */
    public NetlinkWriter s32(int value) {
        return put(value, Integer.BYTES);
    }

    /** Writes all 64 bits. */
    public NetlinkWriter u64(long value) {
        return put(value, Long.BYTES);
    }

    /** Writes bytes as they are. */
    public NetlinkWriter bytes(byte[] value) {
        buffer.reserve(value.length);
        System.arraycopy(value, 0, buffer.data, buffer.length, value.length);
        buffer.length += value.length;
        return this;
    }

    /** Pads with zeros to a multiple of {@code alignment}. */
    public NetlinkWriter align(int alignment) {
        int over = buffer.length % alignment;
        return over == 0 ? this : bytes(new byte[alignment - over]);
    }

    /** How many bytes were written. */
    public int length() {
        return buffer.length;
    }

    /** Overwrites four bytes at {@code offset}: lengths are known last. */
    void replaceU32(int offset, long value) {
        int end = buffer.length;
        buffer.length = offset;
        u32(value);
        buffer.length = end;
    }

    /** What was written, a copy. */
    public byte[] toBytes() {
        return Arrays.copyOf(buffer.data, buffer.length);
    }

    private NetlinkWriter unsigned(long value, int length) {
        if (value < 0 || (value >>> (length * Byte.SIZE)) != 0) {
            throw new IllegalArgumentException(value + " does not fit into " + length + " unsigned bytes");
        }
        return put(value, length);
    }

    private NetlinkWriter put(long value, int length) {
        buffer.reserve(length);
        for (int i = 0; i < length; i++) {
            int index = order.equals(ByteOrder.BIG_ENDIAN) ? length - 1 - i : i;
            buffer.data[buffer.length + i] = (byte) (value >> (index * Byte.SIZE));
        }
        buffer.length += length;
        return this;
    }

    private static final class Buffer {
        private byte[] data = new byte[256];
        private int length;

        void reserve(int more) {
            if (data.length - length < more) {
                data = Arrays.copyOf(data, Math.max(data.length * 2, length + more));
            }
        }
    }
}
