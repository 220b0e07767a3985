package io.jnet.dns;

import io.jnet.dns.answer.Aliases;
import io.jnet.dns.answer.LocalNames;
import io.jnet.dns.answer.Outcome;
import io.jnet.dns.cache.AnswerCache;
import io.jnet.dns.cache.AnswerCache.Kept;
import io.jnet.dns.cache.CacheKey;
import io.jnet.dns.forward.Forwarder;
import io.jnet.dns.forward.Timing;
import io.jnet.dns.message.Header;
import io.jnet.dns.message.Question;
import io.jnet.dns.message.Reply;
import io.jnet.dns.name.Client;
import io.jnet.dns.name.NameIndex;
import io.jnet.dns.name.Names;
import io.jnet.dns.query.Query;
import io.jnet.dns.query.Query.Transport;
import io.jnet.dns.query.Responder;
import io.jnet.dns.server.HostServers;
import io.jnet.dns.server.ServerSet;
import io.jnet.engine.resolve.Directory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Answers names: those of the client's networks from the directory, those of others from the cache, both at once; and what is not there by asking
 * other servers, later.
 */
public final class Resolver implements Responder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

    /** Types from here to {@link Type#AXFR} and those of mailboxes behind it are no records' (RFC 6895 section 3.1). */
    private static final int FIRST_META = 249;

    private final Names names;
    private final Supplier<ServerSet> host;
    private final AnswerCache cache;
    private final Forwarder forwarder;

    /**
     * @param resolvConf the file that names the host's own servers
     */
    public Resolver(Directory directory, Path resolvConf) {
        this(directory, new HostServers(resolvConf, Resolver::millis), Timing.DEFAULT, Resolver::millis);
    }

    /**
     * @param host the host's own servers
     * @param millis a clock that only goes forward
     */
    Resolver(Directory directory, Supplier<ServerSet> host, Timing timing, LongSupplier millis) {
        this.names = new Names(directory);
        this.host = host;
        this.cache = new AnswerCache(millis);
        this.forwarder = new Forwarder(cache, timing, millis);
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public boolean respond(Query query, Consumer<ByteBuffer> answer) {
        ByteBuffer message = query.message().slice();
        if (message.limit() < Header.LENGTH || (message.getShort(Header.FLAGS) & Header.QR) != 0) {
            return false;
        }
        Optional<ByteBuffer> reply;
        try {
            reply = reply(message, query, answer);
        } catch (RuntimeException failed) {
            LOG.debug("a query was not understood", failed);
            reply = Optional.of(Reply.bare(message, Rcode.SERVFAIL));
        }
        reply.ifPresent(answer);
        return true;
    }

    /** The answer to a message; empty: it comes later, or not at all. */
    private Optional<ByteBuffer> reply(ByteBuffer message, Query query, Consumer<ByteBuffer> answer) {
        if ((message.getShort(Header.FLAGS) & Header.OPCODE) != 0) {
            return Optional.of(Reply.bare(message, Rcode.NOTIMP));
        }
        Optional<Question> read = Question.read(message);
        if (read.isEmpty()) {
            return Optional.of(Reply.bare(message, Rcode.FORMERR));
        }
        Question question = read.get();
        int refusal = refusal(question);
        if (refusal != Rcode.NOERROR) {
            return Optional.of(Reply.empty(question, refusal));
        }
        NameIndex index = names.now();
        Optional<Client> client = index.client(query.network(), query.client());
        if (client.isEmpty()) {
            return Optional.of(Reply.empty(question, Rcode.SERVFAIL));
        }
        LocalNames local = new LocalNames(client.get().view(), index.generation());
        Outcome outcome = local.answer(question, query.transport());
        if (outcome instanceof Outcome.Others others) {
            if (!question.has(Header.RD)) {
                return Optional.of(Reply.empty(question, Rcode.REFUSED));
            }
            if (client.get().view().routes().leadElsewhere()) {
                // A container's resolver goes on to the next server that it has.
                return Optional.of(Reply.empty(question, Rcode.REFUSED));
            }
            if (!client.get().view().routes().leadOutside()) {
                return Optional.of(local.noName(question, query.transport(), others.aliases()));
            }
            return ask(
                    new Request(question, query.transport(), others.aliases()),
                    key(index, client.get(), question, others),
                    client.get().account(),
                    answer);
        }
        return Optional.of(((Outcome.Answered) outcome).message());
    }

    /** What is not answered, whatever it asks for. */
    private static int refusal(Question question) {
        if (question.edns().isPresent() && question.edns().get().version() != 0) {
            return Rcode.BADVERS;
        }
        int type = question.type();
        boolean isMeta = (type >= FIRST_META && type < Type.ANY) || type == Type.OPT;
        return question.classNumber() != DClass.IN || isMeta ? Rcode.REFUSED : Rcode.NOERROR;
    }

    private CacheKey key(NameIndex index, Client client, Question question, Outcome.Others others) {
        ServerSet servers = client.view().routes().servers(others.name(), () -> index.withoutOwn(host.get()));
        return new CacheKey(servers, others.name(), question.type(), question.dnssecOk(), question.has(Header.CD));
    }

    private Optional<ByteBuffer> ask(Request request, CacheKey key, Object account, Consumer<ByteBuffer> answer) {
        if (key.servers().servers().isEmpty()) {
            return Optional.of(Reply.empty(request.question(), Rcode.SERVFAIL));
        }
        Optional<Kept> kept = cache.get(key);
        if (kept.isPresent()) {
            return Optional.of(request.reply(kept.get()));
        }
        Request later = request.detached();
        boolean asked = forwarder.ask(key, account, found -> answer.accept(later.reply(found)));
        // Whose datagram seems lost asks again; on a connection nothing is lost.
        return asked || request.transport() == Transport.UDP
                ? Optional.empty()
                : Optional.of(Reply.empty(request.question(), Rcode.SERVFAIL));
    }

    /** Who wants to know, and how to tell. */
    private record Request(Question question, Transport transport, Aliases aliases) {
        Request detached() {
            return new Request(question.detached(), transport, aliases);
        }

        /** The answer to who waits, whatever was found: there is one. */
        ByteBuffer reply(Optional<Kept> found) {
            try {
                return found.map(this::reply).orElseGet(() -> Reply.empty(question, Rcode.SERVFAIL));
            } catch (RuntimeException failed) {
                LOG.debug("an answer was not understood", failed);
                return Reply.empty(question, Rcode.SERVFAIL);
            }
        }

        ByteBuffer reply(Kept kept) {
            if (transport == Transport.TCP && kept.answer().isCutToNothing()) {
                // It would be taken for all that there is.
                return Reply.empty(question, Rcode.SERVFAIL);
            }
            if (aliases.steps().isEmpty()) {
                return kept.answer().reply(question, transport, kept::ttl);
            }
            return aliases.before(kept.answer(), question.name()).reply(question, transport, kept::ttl);
        }
    }

    @Override
    public void finish(Duration patience) {
        forwarder.finish(patience);
    }

    /** Asks nobody any more, and answers nothing that would need that. */
    @Override
    public void close() {
        forwarder.close();
    }
}
