package io.jnet.dns.message;

import io.jnet.dns.query.Query.Transport;
import java.nio.ByteBuffer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Type;

/**
 * An answer that is being written. Records that do not fit the client's datagram are left out, and the answer says so; from then on none is
 * taken.
 */
public final class Reply {
    /** The bytes of a datagram that pass all common links in one piece: the DNS flag day's of 2020. */
    public static final int PAYLOAD = 1232;

    private static final int LEAST_PAYLOAD = 512;
    private static final int MOST = 65535;
    /** Root's name, type, class, extended flags, no options. */
    private static final int OPT_LENGTH = 11;
    /** Type, class, TTL, length of the data. */
    private static final int RECORD = 10;

    private static final int POINTER = 0xc000;
    /** Whom to write to (RFC 6303 section 3). */
    private static final WireName NOBODY = WireName.of("nobody.invalid");

    private static final int REFRESH = 3600;
    private static final int RETRY = 1200;
    private static final int EXPIRE = 604_800;
    private static final int POINTER_LENGTH = 2;

    private final Question question;
    private final ByteBuffer buffer;
    private final int limit;
    private int answers;
    private int authorities;
    private boolean truncated;

    /**
     * @param room the bytes that records may take; more are not taken
     */
    public Reply(Question question, Transport transport, int room) {
        this.question = question;
        int opt = question.edns().isPresent() ? OPT_LENGTH : 0;
        int start = Header.LENGTH + question.asked().remaining();
        this.limit = Math.min(most(question, transport) - opt, start + room);
        this.buffer = ByteBuffer.allocate(limit + opt);
        buffer.position(Header.LENGTH);
        buffer.put(question.asked().duplicate());
    }

    private static int most(Question question, Transport transport) {
        if (transport == Transport.TCP) {
            return MOST;
        }
        return question.edns().isEmpty()
                ? LEAST_PAYLOAD
                : Math.max(
                        LEAST_PAYLOAD, Math.min(PAYLOAD, question.edns().get().payload()));
    }

    /** An answer to what is not understood so far that its question could be told: a header alone. */
    public static ByteBuffer bare(ByteBuffer message, int rcode) {
        ByteBuffer reply = ByteBuffer.allocate(Header.LENGTH);
        reply.putShort(0, message.getShort(0));
        int flags = message.getShort(Header.FLAGS) & (Header.OPCODE | Header.RD);
        reply.putShort(Header.FLAGS, (short) (flags | Header.QR | Header.RA | rcode));
        return reply;
    }

    /** An answer without records. */
    public static ByteBuffer empty(Question question, int rcode) {
        return new Reply(question, Transport.UDP, 0).finish(rcode, 0);
    }

    /** The bytes that a record with a name of two bytes, a pointer, takes. */
    public static int room(int data) {
        return POINTER_LENGTH + RECORD + data;
    }

    /** Where the question's name is: what records of that name say. */
    public static int questionName() {
        return Header.LENGTH;
    }

    /**
     * Adds an answer.
     *
     * @param nameAt where the record's name is in the message
     * @param ttl in seconds
     * @return whether it fit
     */
    public boolean answer(int nameAt, int type, int ttl, byte[] data) {
        if (!begin(room(data.length))) {
            return false;
        }
        record(nameAt, type, ttl, data.length);
        buffer.put(data);
        answers++;
        return true;
    }

    /**
     * Adds an answer whose data is a name.
     *
     * @return where that name is in the message; 0 where it did not fit
     */
    public int answer(int nameAt, int type, int ttl, WireName data) {
        if (!begin(room(data.length()))) {
            return 0;
        }
        record(nameAt, type, ttl, data.length());
        int at = buffer.position();
        data.writeTo(buffer);
        answers++;
        return at;
    }

    /** Adds the record that says how long nothing is nothing (RFC 2308): no time at all, since names come and go. */
    public void nothingIn(WireName domain, long serial) {
        int data = domain.length() + NOBODY.length() + 5 * Integer.BYTES;
        if (!begin(domain.length() + RECORD + data)) {
            return;
        }
        domain.writeTo(buffer);
        fixed(Type.SOA, 0, data);
        domain.writeTo(buffer);
        NOBODY.writeTo(buffer);
        buffer.putInt((int) serial).putInt(REFRESH).putInt(RETRY).putInt(EXPIRE).putInt(0);
        authorities++;
    }

    /** The bytes that {@link #nothingIn} takes. */
    public static int roomOfNothing(WireName domain) {
        return 2 * domain.length() + RECORD + NOBODY.length() + 5 * Integer.BYTES;
    }

    /**
     * Adds records as they are, behind the question, where the names' pointers lead to the same places.
     *
     * @return whether they fit
     */
    public boolean records(byte[] message, int start, int end, int moreAnswers, int moreAuthorities) {
        if (end - start > left()) {
            return false;
        }
        buffer.put(message, start, end - start);
        answers += moreAnswers;
        authorities += moreAuthorities;
        return true;
    }

    /** The bytes that records may take yet. */
    public int left() {
        return limit - buffer.position();
    }

    /** Says that records were left out. */
    public void truncate() {
        truncated = true;
    }

    /** Sets a TTL that is in the message already. */
    public void ttl(int at, int seconds) {
        buffer.putInt(at, seconds);
    }

    /**
     * Ends the answer.
     *
     * @param flags of {@code AA}, {@code AD}; the others follow from the question
     */
    public ByteBuffer finish(int rcode, int flags) {
        int extended = rcode >> 4;
        buffer.putShort(0, (short) question.id());
        int copied = question.flags() & (Header.RD | Header.CD);
        buffer.putShort(Header.FLAGS, (short)
                (copied | flags | Header.QR | Header.RA | (truncated ? Header.TC : 0) | (rcode & Header.RCODE)));
        buffer.putShort(Header.QUESTIONS, (short) 1);
        buffer.putShort(Header.ANSWERS, (short) answers);
        buffer.putShort(Header.AUTHORITIES, (short) authorities);
        if (question.edns().isPresent()) {
            buffer.putShort(Header.ADDITIONALS, (short) 1);
            buffer.put((byte) 0).putShort((short) Type.OPT).putShort((short) PAYLOAD);
            buffer.put((byte) extended).put((byte) 0);
            buffer.putShort((short) (question.dnssecOk() ? ExtendedFlags.DO : 0))
                    .putShort((short) 0);
        }
        return buffer.flip();
    }

    private boolean begin(int length) {
        truncated |= length > left();
        return !truncated;
    }

    private void record(int nameAt, int type, int ttl, int length) {
        buffer.putShort((short) (POINTER | nameAt));
        fixed(type, ttl, length);
    }

    private void fixed(int type, int ttl, int length) {
        buffer.putShort((short) type).putShort((short) DClass.IN).putInt(ttl).putShort((short) length);
    }
}
