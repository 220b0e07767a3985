package io.jnet.netlink;

import io.jnet.netlink.libc.Errno;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the bytes of one message, or of a part of it. Every read is checked against the end of its part. The first error is kept: from
 * then on every read answers zero or nothing, and {@link #finish} throws it; so decoders need no check of their own at each step.
 */
public final class NetlinkReader {
    private final byte[] data;
    private final int limit;
    private final ByteOrder order;
    private final Failure failure;
    private int position;

    private NetlinkReader(byte[] data, int position, int limit, ByteOrder order, Failure failure) {
        this.data = data;
        this.position = position;
        this.limit = limit;
        this.order = order;
        this.failure = failure;
    }

    /** Reads these bytes, integers in the byte order of the machine. */
    public static NetlinkReader of(byte[] data) {
        return new NetlinkReader(data, 0, data.length, ByteOrder.nativeOrder(), new Failure());
    }

    /** The same bytes from here on, integers in another byte order; errors are shared, the position is not. */
    public NetlinkReader withOrder(ByteOrder newOrder) {
        return new NetlinkReader(data, position, limit, newOrder, failure);
    }

    /** The next byte, 0 to 255. */
    public int u8() {
        return has(1, "u8") ? data[position++] & 0xff : 0;
    }

    /** The next two bytes, 0 to 65535. */
    public int u16() {
        return (int) unsigned(Short.BYTES, "u16");
    }

    /** The next four bytes, 0 to 2^32 - 1. */
    public long u32() {
        return unsigned(Integer.BYTES, "u32");
    }

    /** The next four bytes, signed. */
    public int s32() {
        return (int) unsigned(Integer.BYTES, "s32");
    }

    /** The next eight bytes; values from 2^63 on are negative ({@link Long#toUnsignedString}). */
    public long u64() {
        return unsigned(Long.BYTES, "u64");
    }

    /** The next {@code length} bytes, a copy; none after an error. */
    public byte[] bytes(int length) {
        if (!has(length, length + " bytes")) {
            return new byte[0];
        }
        position += length;
        return Arrays.copyOfRange(data, position - length, position);
    }

    /** All bytes that are left, a copy. */
    public byte[] rest() {
        return bytes(remaining());
    }

    /** All bytes that are left, as text up to the first zero byte. */
    public String string() {
        byte[] bytes = rest();
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** Skips padding up to the next multiple of {@code alignment}; a message may end before its padding does. */
    public void align(int alignment) {
        int over = position % alignment;
        position = over == 0 ? position : Math.min(position + alignment - over, limit);
    }

    /** A reader of exactly the next {@code length} bytes, which this one skips; errors are shared. */
    public NetlinkReader part(int length) {
        int start = position;
        int end = has(length, "part of " + length + " bytes") ? start + length : start;
        position = end;
        return new NetlinkReader(data, start, end, order, failure);
    }

    /** How many bytes are left; 0 after an error. */
    public int remaining() {
        return failure.text == null ? limit - position : 0;
    }

    /** Where the next read takes place, from the start of the data. */
    public int offset() {
        return position;
    }

    /** Reports an error that the caller found at the present offset; ignored when there is one already. */
    public void fail(String text) {
        if (failure.text == null) {
            failure.text = text;
            failure.offset = position;
        }
    }

    /**
     * Ends the decoding.
     *
     * @param object what was decoded: {@code link message}
     * @throws NetlinkException with errno EBADMSG, the first error and its offset, if there was one
     */
    public void finish(String object) {
        if (failure.text != null) {
            throw new NetlinkException("decode", object, Errno.EBADMSG, failure.text, failure.offset);
        }
    }

    private long unsigned(int length, String what) {
        if (!has(length, what)) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int index = order.equals(ByteOrder.BIG_ENDIAN) ? i : length - 1 - i;
            value = (value << Byte.SIZE) | (data[position + index] & 0xff);
        }
        position += length;
        return value;
    }

    private boolean has(int length, String what) {
        if (failure.text != null) {
            return false;
        }
        if (length < 0 || length > limit - position) {
            fail(what + " wanted, " + (limit - position) + " bytes left");
            return false;
        }
        return true;
    }

    /** Shared by a reader and its parts. */
    private static final class Failure {
        private String text;
        private int offset;
    }
}
