package io.jnet.dns.listen;

import io.jnet.netlink.libc.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A message as it comes in by TCP: two bytes with its length, and so many bytes (RFC 1035 section 4.2.2), in pieces of any size. Not more is read
 * than belongs to it: what follows waits in the kernel.
 */
final class Frame {
    /** No query is as long. */
    static final int LONGEST = 4096;

    private static final int HEADER = Short.BYTES;

    private byte[] bytes = new byte[HEADER];
    private int filled;
    private boolean isHeader = true;

    /** How many bytes belong to it still, as far as is known: one or more. */
    int missing() {
        return bytes.length - filled;
    }

    /**
     * Adds what the buffer holds; the message, when it is there as a whole, and then the frame is ready for the next one.
     *
     * @param length at most {@link #missing}
     * @throws IllegalArgumentException for a length that no query has
     */
    Optional<ByteBuffer> add(NativeBuffer buffer, int length) {
        buffer.get(bytes, filled, length);
        filled += length;
        if (missing() > 0) {
            return Optional.empty();
        }
        byte[] whole = bytes;
        filled = 0;
        if (isHeader) {
            int announced = ByteBuffer.wrap(whole).getShort() & 0xffff;
            if (announced == 0 || announced > LONGEST) {
                throw new IllegalArgumentException(announced + " bytes are no query");
            }
            bytes = new byte[announced];
            isHeader = false;
            return Optional.empty();
        }
        bytes = new byte[HEADER];
        isHeader = true;
        return Optional.of(ByteBuffer.wrap(whole));
    }
}
