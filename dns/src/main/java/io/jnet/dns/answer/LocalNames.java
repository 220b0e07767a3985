package io.jnet.dns.answer;

import io.jnet.dns.message.Question;
import io.jnet.dns.message.Reply;
import io.jnet.dns.message.WireName;
import io.jnet.dns.name.Entry;
import io.jnet.dns.name.Match;
import io.jnet.dns.name.View;
import io.jnet.dns.query.Query.Transport;
import java.nio.ByteBuffer;
import java.util.Set;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Answers of what a client sees.
 *
 * @param view what that is
 * @param serial a number that grows as that changes
 */
public record LocalNames(View view, long serial) {
    /**
     * What a validating or iterating resolver asks of top-level domains, and nobody of a host: that there is no {@code com} would make all below
     * it bogus.
     */
    private static final Set<Integer> OF_TREE = Set.of(Type.NS, Type.SOA, Type.DS, Type.DNSKEY);

    /** What comes of a question that is in class IN. */
    public Outcome answer(Question question, Transport transport) {
        LocalAnswer local = new LocalAnswer(question, transport, serial);
        boolean follows = question.type() != Type.CNAME && question.type() != Type.ANY;
        Aliases aliases = Aliases.NONE;
        WireName name = question.name();
        while (true) {
            Match match = view.find(name);
            if (match instanceof Match.Unknown unknown) {
                boolean ofTree = name.isLabel() && OF_TREE.contains(question.type());
                return ofTree || view.routes().leadInto(unknown.part(), name)
                        ? new Outcome.Others(name, aliases)
                        : new Outcome.Answered(local.noName(aliases, unknown.domain()));
            }
            if (!(match instanceof Match.Known known)) {
                return new Outcome.Others(name, aliases);
            }
            if (follows && known.entry() instanceof Entry.Alias alias) {
                Aliases all = aliases.to(alias.target(), alias.ttl());
                return new Outcome.Answered(local.known(all, alias.host(), known.domain()));
            }
            if (!follows || !(known.entry() instanceof Entry.StaticAlias alias)) {
                return new Outcome.Answered(local.known(aliases, known.entry(), known.domain()));
            }
            if (aliases.steps().size() == Aliases.MOST) {
                return new Outcome.Answered(Reply.empty(question, Rcode.SERVFAIL));
            }
            aliases = aliases.to(alias.target(), alias.ttl());
            name = alias.target();
        }
    }

    /** That there is no such name, where nobody else is asked. */
    public ByteBuffer noName(Question question, Transport transport, Aliases aliases) {
        return new LocalAnswer(question, transport, serial).noName(aliases, view.domain());
    }
}
