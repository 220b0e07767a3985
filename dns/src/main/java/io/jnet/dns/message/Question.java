package io.jnet.dns.message;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.xbill.DNS.Type;

/**
 * A query's one question, with what its header and its OPT record (RFC 6891) say.
 *
 * @param id what the answer is told apart by
 * @param flags the header's
 * @param asked the question as it was sent, letters in their case: name, type, class
 * @param name the name
 * @param type its type's number
 * @param classNumber its class's number
 * @param edns the OPT record, where there is one
 */
public record Question(
        int id, int flags, ByteBuffer asked, WireName name, int type, int classNumber, Optional<Edns> edns) {
    private static final int TYPE_AND_CLASS = 4;

    /**
     * An OPT record; its options are nothing that is answered here.
     *
     * @param payload the bytes that the sender takes in one datagram
     * @param version 0, or one that nobody knows yet
     * @param dnssecOk whether signatures are wanted
     */
    public record Edns(int payload, int version, boolean dnssecOk) {
        private static final int DO = 0x8000;

        static Edns of(ByteBuffer message, int typeAt) {
            return new Edns(
                    message.getShort(typeAt + 2) & 0xffff,
                    message.get(typeAt + 5) & 0xff,
                    (message.getShort(typeAt + 6) & DO) != 0);
        }
    }

    /** Reads a message from its beginning at 0 to the limit; empty: it is malformed, or has not one question. */
    public static Optional<Question> read(ByteBuffer message) {
        if (message.limit() < Header.LENGTH || message.getShort(Header.QUESTIONS) != 1) {
            return Optional.empty();
        }
        Optional<WireName> name = WireName.read(message, Header.LENGTH);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        int typeAt = Header.LENGTH + name.get().length();
        int end = typeAt + TYPE_AND_CLASS;
        if (end > message.limit()) {
            return Optional.empty();
        }
        Optional<Edns> edns = Optional.empty();
        if (hasRecords(message) || message.limit() != end) {
            RecordWalk walk = new RecordWalk(message, end);
            if (!walk.toEnd()) {
                return Optional.empty();
            }
            edns = walk.opt().map(at -> Edns.of(message, at));
        }
        return Optional.of(new Question(
                message.getShort(0) & 0xffff,
                message.getShort(Header.FLAGS) & 0xffff,
                message.slice(Header.LENGTH, end - Header.LENGTH),
                name.get(),
                message.getShort(typeAt) & 0xffff,
                message.getShort(typeAt + 2) & 0xffff,
                edns));
    }

    private static boolean hasRecords(ByteBuffer message) {
        return message.getInt(Header.ANSWERS) != 0 || message.getShort(Header.ADDITIONALS) != 0;
    }

    /** The same question, which does not need the message that it was read from. */
    public Question detached() {
        ByteBuffer copy = ByteBuffer.allocate(asked.remaining());
        copy.put(asked.duplicate()).flip();
        return new Question(id, flags, copy, name, type, classNumber, edns);
    }

    /** Whether signatures are wanted. */
    public boolean dnssecOk() {
        return edns.isPresent() && edns.get().dnssecOk();
    }

    /** Whether a flag of the header is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public String toString() {
        return name + " " + Type.string(type);
    }
}
