package io.jnet.dns.answer;

import io.jnet.dns.cache.StoredAnswer;
import io.jnet.dns.message.Reply;
import io.jnet.dns.message.WireName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Aliases that lead from the question's name to the one that is answered.
 *
 * @param steps in this order
 */
public record Aliases(List<Step> steps) {
    /** The question's name is answered. */
    public static final Aliases NONE = new Aliases(List.of());

    /** Longer ones are taken for circles. */
    static final int MOST = 8;

    /**
     * One alias.
     *
     * @param target the name that it leads to
     * @param ttl in seconds
     */
    public record Step(WireName target, int ttl) {}

    public Aliases {
        steps = List.copyOf(steps);
    }

    /** These, and one more. */
    Aliases to(WireName target, int ttl) {
        List<Step> more = new ArrayList<>(steps);
        more.add(new Step(target, ttl));
        return new Aliases(more);
    }

    /** The bytes that they take in an answer. */
    int room() {
        int room = 0;
        for (Step step : steps) {
            room += Reply.room(step.target().length());
        }
        return room;
    }

    /**
     * Adds them to an answer.
     *
     * @return where the name at their end is in the message
     */
    int writeTo(Reply reply) {
        int at = Reply.questionName();
        for (Step step : steps) {
            at = reply.answer(at, Type.CNAME, step.ttl(), step.target());
        }
        return at;
    }

    /**
     * What others answered of the name at the end, as the answer of the name at the beginning.
     *
     * @throws IllegalArgumentException when it becomes too long
     */
    public StoredAnswer before(StoredAnswer answer, WireName beginning) {
        try {
            Message theirs = new Message(answer.message());
            Message ours = new Message(0);
            ours.getHeader().setRcode(theirs.getRcode());
            if (theirs.getHeader().getFlag(Flags.TC)) {
                ours.getHeader().setFlag(Flags.TC);
            }
            Name name = new Name(beginning.bytes());
            ours.addRecord(Record.newRecord(name, theirs.getQuestion().getType(), DClass.IN), Section.QUESTION);
            for (Step step : steps) {
                Name target = new Name(step.target().bytes());
                ours.addRecord(new CNAMERecord(name, DClass.IN, step.ttl(), target), Section.ANSWER);
                name = target;
            }
            theirs.getSection(Section.ANSWER).forEach(record -> ours.addRecord(record, Section.ANSWER));
            theirs.getSection(Section.AUTHORITY).forEach(record -> ours.addRecord(record, Section.AUTHORITY));
            return StoredAnswer.of(ours.toWire());
        } catch (IOException impossible) {
            throw new UncheckedIOException("an answer that was read before", impossible);
        }
    }
}
