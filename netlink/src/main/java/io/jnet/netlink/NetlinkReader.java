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
    private static final boolean NATIVE_IS_BIG = ByteOrder.nativeOrder().equals(ByteOrder.BIG_ENDIAN);

    private final byte[] data;
    /** Where the message or attribute begins that is read. */
    private final int start;

    private final int limit;
    private final boolean big;
    private final Failure failure;
    private int position;

    private NetlinkReader(byte[] data, int start, int position, int limit, boolean big, Failure failure) {
        this.data = data;
        this.start = start;
        this.position = position;
        this.limit = limit;
        this.big = big;
        this.failure = failure;
    }

    /** Reads these bytes, integers in the byte order of the machine. */
    public static NetlinkReader of(byte[] data) {
        return of(data, 0, data.length);
    }

    /** Reads a part of these bytes, which nobody changes. */
    static NetlinkReader of(byte[] data, int start, int end) {
        return new NetlinkReader(data, start, start, end, NATIVE_IS_BIG, new Failure());
    }

    /** The same bytes from here on, integers in another byte order; errors are shared, the position is not. */
    public NetlinkReader withOrder(ByteOrder newOrder) {
        return new NetlinkReader(data, start, position, limit, newOrder.equals(ByteOrder.BIG_ENDIAN), failure);
    }

    /** The next byte, 0 to 255. */
    public int u8() {
        return has(1) ? data[position++] & 0xff : 0;
    }

    /** The next two bytes, 0 to 65535. */
    public int u16() {
        return (int) unsigned(Short.BYTES);
    }

    /** The next four bytes, 0 to 2^32 - 1. */
    public long u32() {
        return unsigned(Integer.BYTES);
    }

    /** The next four bytes, signed. */
    public int s32() {
        return (int) unsigned(Integer.BYTES);
    }

    /** The next eight bytes; values from 2^63 on are negative ({@link Long#toUnsignedString}). */
    public long u64() {
        return unsigned(Long.BYTES);
    }

    /** The next {@code length} bytes, a copy; none after an error. */
    public byte[] bytes(int length) {
        int from = skip(length);
        return Arrays.copyOfRange(data, from, position);
    }

    /** The next {@code length} bytes as an attribute's value, not a copy; none after an error. */
    RawAttribute attribute(int typeField, int length) {
        int from = skip(length);
        return new RawAttribute(typeField, data, from, position);
    }

    /** The next {@code length} bytes as a message's payload, not a copy; none after an error. */
    NetlinkMessage message(NetlinkHeader header, int length) {
        int from = skip(length);
        return new NetlinkMessage(header, data, from, position);
    }

    /** Leaves out the next {@code length} bytes, where there is no error; where they began. */
    private int skip(int length) {
        int from = position;
        if (has(length)) {
            position += length;
        }
        return from;
    }

    /** All bytes that are left, a copy. */
    public byte[] rest() {
        return bytes(remaining());
    }

    /** All bytes that are left, as text up to the first zero byte. */
    public String string() {
        int from = skip(remaining());
        int end = from;
        while (end < position && data[end] != 0) {
            end++;
        }
        return new String(data, from, end - from, StandardCharsets.UTF_8);
    }

    /** Skips padding up to the next multiple of {@code alignment}; a message may end before its padding does. */
    public void align(int alignment) {
        int over = (position - start) % alignment;
        position = over == 0 ? position : Math.min(position + alignment - over, limit);
    }

    /** A reader of exactly the next {@code length} bytes, which this one skips; errors are shared. */
    public NetlinkReader part(int length) {
        int from = skip(length);
        return new NetlinkReader(data, start, from, position, big, failure);
    }

    /** How many bytes are left; 0 after an error. */
    public int remaining() {
        return failure.text == null ? limit - position : 0;
    }

    /** Where the next read takes place, from the start of the data. */
    public int offset() {
        return position - start;
    }

    /** Reports an error that the caller found at the present offset; ignored when there is one already. */
    public void fail(String text) {
        if (failure.text == null) {
            failure.text = text;
            failure.offset = position - start;
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

    private long unsigned(int length) {
        if (!has(length)) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int byteValue = data[position + i] & 0xff;
            value = big ? (value << Byte.SIZE) | byteValue : value | ((long) byteValue << (i * Byte.SIZE));
        }
        position += length;
        return value;
    }

    private boolean has(int length) {
        if (failure.text != null) {
            return false;
        }
        if (length < 0 || length > limit - position) {
            fail(length + " bytes wanted, " + (limit - position) + " bytes left");
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
