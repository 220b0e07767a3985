package io.jnet.dns.cache;

import io.jnet.dns.message.Header;
import io.jnet.dns.message.Question;
import io.jnet.dns.message.RecordWalk;
import io.jnet.dns.message.Reply;
import io.jnet.dns.query.Query.Transport;
import java.nio.ByteBuffer;
import java.util.function.IntUnaryOperator;

/**
 * An answer as it is kept: a message of one question, answers and authority records, with the places of what changes when it is given away.
 * The question may be put in place of another one of the same name in other letters.
 */
public final class StoredAnswer {
    private final byte[] message;
    private final int start;
    private final int[] ends;
    private final int[] ttls;
    private final int answers;
    private final int authorities;

    private StoredAnswer(byte[] message, int start, RecordWalk walk) {
        this.message = message;
        this.start = start;
        this.ends = walk.ends();
        this.ttls = walk.ttls();
        ByteBuffer buffer = ByteBuffer.wrap(message);
        this.answers = buffer.getShort(Header.ANSWERS) & 0xffff;
        this.authorities = buffer.getShort(Header.AUTHORITIES) & 0xffff;
    }

    /**
     * An answer of a message, which is kept and not to be changed.
     *
     * @throws IllegalArgumentException when it has not one question, and no more than answers and authority records after that
     */
    public static StoredAnswer of(byte[] message) {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        int start = Question.read(buffer)
                .filter(question -> question.edns().isEmpty() && buffer.getShort(Header.ADDITIONALS) == 0)
                .map(question -> Header.LENGTH + question.asked().remaining())
                .orElseThrow(() -> new IllegalArgumentException("no message to keep"));
        RecordWalk walk = new RecordWalk(buffer, start);
        walk.toEnd();
        return new StoredAnswer(message, start, walk);
    }

    /** The bytes that it takes, about. */
    public int size() {
        return message.length + Integer.BYTES * (ends.length + ttls.length);
    }

    /** Whether it is the beginning of an answer, and there is nothing in it. */
    public boolean isCutToNothing() {
        return answers == 0 && (ByteBuffer.wrap(message).getShort(Header.FLAGS) & Header.TC) != 0;
    }

    /** The message, a fresh copy. */
    public byte[] message() {
        return message.clone();
    }

    /**
     * The answer for a client.
     *
     * @param question of this name, type and class
     * @param ttl makes the TTL to give away of the one that was given
     */
    public ByteBuffer reply(Question question, Transport transport, IntUnaryOperator ttl) {
        int end = message.length;
        Reply reply = new Reply(question, transport, end - start);
        ByteBuffer buffer = ByteBuffer.wrap(message);
        int flags = buffer.getShort(Header.FLAGS);
        if ((flags & Header.TC) != 0) {
            reply.truncate();
        }
        int fitting = ends.length;
        if (!reply.records(message, start, end, answers, authorities)) {
            fitting = fitting(reply.left());
            reply.truncate();
            if (fitting > 0) {
                reply.records(message, start, ends[fitting - 1], fitting, 0);
            }
        }
        for (int i = 0; i < fitting; i++) {
            reply.ttl(ttls[i], ttl.applyAsInt(buffer.getInt(ttls[i])));
        }
        // Who did not ask for it would not look at it (RFC 6840 section 5.8).
        int authentic = question.dnssecOk() || question.has(Header.AD) ? Header.AD : 0;
        return reply.finish(flags & Header.RCODE, flags & authentic);
    }

    /** How many answers fit in so many bytes. */
    private int fitting(int bytes) {
        int count = 0;
        while (count < answers && ends[count] - start <= bytes) {
            count++;
        }
        return count;
    }
}
