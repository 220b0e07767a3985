package io.jnet.dns.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.xbill.DNS.Type;

/**
 * A way over a message's records, which tells where they are. It looks at no pointer of a name, so that it ends; a name ends with the first
 * one.
 */
public final class RecordWalk {
    /** Type and class (2 bytes each), TTL (4), length of the data (2). */
    private static final int FIXED = 10;

    private static final int TTL = 4;
    private static final int POINTER = 0xc0;

    private final ByteBuffer message;
    private int at;
    private int[] ends = new int[4];
    private int[] ttls = new int[4];
    private int records;
    private Optional<Integer> opt = Optional.empty();

    /**
     * @param message from its beginning at 0 to the limit, its header in it
     * @param start where the questions end
     */
    public RecordWalk(ByteBuffer message, int start) {
        this.message = message;
        this.at = start;
    }

    /** Goes over all records that the header says are there; false: they are not, or there is something else, or a second OPT record. */
    public boolean toEnd() {
        int before = count(Header.ANSWERS) + count(Header.AUTHORITIES);
        int total = before + count(Header.ADDITIONALS);
        for (int i = 0; i < total; i++) {
            int start = at;
            if (!name() || at + FIXED > message.limit()) {
                return false;
            }
            if (message.getShort(at) == Type.OPT) {
                // RFC 6891 section 6.1.1: of the root, once, among the additional records.
                if (opt.isPresent() || at != start + 1 || i < before) {
                    return false;
                }
                opt = Optional.of(at);
            }
            int end = at + FIXED + (message.getShort(at + FIXED - 2) & 0xffff);
            if (end > message.limit()) {
                return false;
            }
            add(end);
            at = end;
        }
        return at == message.limit();
    }

    private int count(int offset) {
        return message.getShort(offset) & 0xffff;
    }

    private boolean name() {
        while (at < message.limit()) {
            int length = message.get(at) & 0xff;
            at++;
            if (length == 0) {
                return true;
            }
            if (length >= POINTER) {
                at++;
                return true;
            }
            if (length > WireName.LONGEST_LABEL) {
                return false;
            }
            at += length;
        }
        return false;
    }

    private void add(int end) {
        if (records == ends.length) {
            ends = Arrays.copyOf(ends, 2 * records);
            ttls = Arrays.copyOf(ttls, 2 * records);
        }
        ends[records] = end;
        ttls[records] = at + TTL;
        records++;
    }

    /** Where the OPT record's type is. */
    public Optional<Integer> opt() {
        return opt;
    }

    /** Where each record ends. */
    public int[] ends() {
        return Arrays.copyOf(ends, records);
    }

    /** Where each record's TTL is, four bytes. */
    public int[] ttls() {
        return Arrays.copyOf(ttls, records);
    }
}
