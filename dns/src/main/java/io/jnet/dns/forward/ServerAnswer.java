package io.jnet.dns.forward;

import io.jnet.dns.cache.AnswerCache;
import io.jnet.dns.cache.CacheKey;
import io.jnet.dns.cache.StoredAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What a server says of a name, without what it says besides: of other names, and in additional records.
 *
 * @param answer what is given to clients
 * @param ttl seconds for which it holds; 0: it is not kept
 */
record ServerAnswer(StoredAnswer answer, int ttl) {
    /** Aliases that lead to aliases. */
    private static final int LONGEST_CHAIN = 16;
    /** Beyond it there is no room for what is added to each answer. */
    private static final int LARGEST = 65_000;

    /**
     * Reads a message that answers a question.
     *
     * @return empty: it does not say what there is or is not: it is an error, a referral, or malformed
     */
    static Optional<ServerAnswer> read(byte[] bytes, CacheKey key) {
        try {
            Message message = new Message(bytes);
            int rcode = message.getRcode();
            if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
                return Optional.empty();
            }
            return isReferral(message) ? Optional.empty() : Optional.of(new Reading(message, key).answer());
        } catch (IOException | RuntimeException malformed) {
            // Whatever the library makes of it: it is a stranger's message.
            return Optional.empty();
        }
    }

    /** Who asks nobody else names those who may know it. */
    private static boolean isReferral(Message message) {
        Header header = message.getHeader();
        return header.getRcode() == Rcode.NOERROR
                && !header.getFlag(Flags.AA)
                && !header.getFlag(Flags.RA)
                && !header.getFlag(Flags.TC)
                && message.getSection(Section.ANSWER).isEmpty()
                && message.getSection(Section.AUTHORITY).stream().anyMatch(NSRecord.class::isInstance)
                && message.getSection(Section.AUTHORITY).stream().noneMatch(SOARecord.class::isInstance);
    }

    /** Goes from the question's name along its aliases. */
    private static final class Reading {
        private final Message message;
        private final CacheKey key;
        private final List<Record> answers = new ArrayList<>();
        private final Set<Name> visited = new HashSet<>();
        private Name at;
        private boolean found;

        Reading(Message message, CacheKey key) throws IOException {
            this.message = message;
            this.key = key;
            this.at = new Name(key.name().bytes());
        }

        ServerAnswer answer() throws IOException {
            for (int i = 0; i < LONGEST_CHAIN && follow(); i++) {
                // Each step is one alias.
            }
            List<Record> authorities = authorities();
            Message kept = new Message(0);
            kept.getHeader().setRcode(message.getRcode());
            for (int flag : List.of(Flags.AD, Flags.TC)) {
                if (message.getHeader().getFlag(flag)) {
                    kept.getHeader().setFlag(flag);
                }
            }
            kept.addRecord(Record.newRecord(new Name(key.name().bytes()), key.type(), DClass.IN), Section.QUESTION);
            answers.forEach(record -> kept.addRecord(record, Section.ANSWER));
            authorities.forEach(record -> kept.addRecord(record, Section.AUTHORITY));
            byte[] wire = kept.toWire();
            if (wire.length > LARGEST) {
                throw new IllegalArgumentException("an answer of " + wire.length + " bytes");
            }
            return new ServerAnswer(StoredAnswer.of(wire), ttl(authorities));
        }

        /** Takes what is said of one name; true: that is an alias of another one. */
        private boolean follow() {
            if (!visited.add(at)) {
                return false;
            }
            Optional<Name> next = Optional.empty();
            for (Record record : message.getSection(Section.ANSWER)) {
                boolean own = record.getName().equals(at);
                // DNAME is of all names below its own (RFC 6672); the server adds the alias that follows from it.
                boolean above = record.getType() == Type.DNAME && at.subdomain(record.getName());
                if (record.getDClass() != DClass.IN || !(own || above)) {
                    continue;
                }
                int type = record.getType();
                if (isAsked(type)) {
                    found = true;
                    answers.add(record);
                } else if (record instanceof CNAMERecord alias && next.isEmpty()) {
                    next = Optional.of(alias.getTarget());
                    answers.add(record);
                } else if (type == Type.DNAME || isSignature(record)) {
                    answers.add(record);
                }
            }
            next.ifPresent(target -> at = target);
            return next.isPresent() && !found;
        }

        private boolean isAsked(int type) {
            return type == key.type() || (key.type() == Type.ANY && type != Type.OPT);
        }

        private boolean isSignature(Record record) {
            return key.dnssecOk()
                    && record instanceof RRSIGRecord signature
                    && (isAsked(signature.getTypeCovered())
                            || signature.getTypeCovered() == Type.CNAME
                            || signature.getTypeCovered() == Type.DNAME);
        }

        /** Where there is nothing, for how long; and the signed proof of it. */
        private List<Record> authorities() {
            return message.getSection(Section.AUTHORITY).stream()
                    .filter(record -> record.getDClass() == DClass.IN)
                    .filter(record -> switch (record.getType()) {
                        case Type.SOA -> !found && at.subdomain(record.getName());
                        case Type.NSEC, Type.NSEC3, Type.RRSIG -> key.dnssecOk();
                        default -> false;
                    })
                    .toList();
        }

        private int ttl(List<Record> authorities) {
            long ttl = found
                    ? AnswerCache.MOST_TTL
                    : authorities.stream()
                            .filter(SOARecord.class::isInstance)
                            .map(SOARecord.class::cast)
                            .mapToLong(soa -> Math.min(soa.getTTL(), soa.getMinimum()))
                            .map(seconds -> Math.min(seconds, AnswerCache.MOST_NEGATIVE_TTL))
                            .findFirst()
                            .orElse(0);
            for (Record record : answers) {
                ttl = Math.min(ttl, record.getTTL());
            }
            return (int) Math.max(0, ttl);
        }
    }
}
