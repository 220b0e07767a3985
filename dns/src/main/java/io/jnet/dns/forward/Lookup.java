package io.jnet.dns.forward;

import io.jnet.dns.cache.AnswerCache;
import io.jnet.dns.cache.AnswerCache.Kept;
import io.jnet.dns.cache.CacheKey;
import io.jnet.dns.cache.StoredAnswer;
import io.jnet.dns.message.Header;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.xbill.DNS.Rcode;

/** One question to others, and all who wait for its answer. The first server that answers is believed; those asked before are still heard. */
final class Lookup {
    private static final long NEVER = Long.MAX_VALUE;

    private final CacheKey key;
    private final Sockets sockets;
    private final AnswerCache cache;
    private final Blame blame;
    private final Timing timing;
    private final ArrayDeque<InetSocketAddress> next;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Consumer<Optional<Kept>>> waiting = new ArrayList<>();
    /** Which servers said nothing to a datagram. */
    private final Set<InetSocketAddress> silent = new HashSet<>();
    /** What a server had no room for in a datagram. */
    private Optional<StoredAnswer> truncated = Optional.empty();

    private final long end;
    private long staleAt;
    private long nextAt;
    private boolean over;

    Lookup(CacheKey key, Sockets sockets, AnswerCache cache, Blame blame, Timing timing, long now) {
        this.key = key;
        this.sockets = sockets;
        this.cache = cache;
        this.blame = blame;
        this.timing = timing;
        this.next = new ArrayDeque<>(blame.order(key.servers().servers(), now));
        this.end = now + timing.total();
        this.staleAt = now + timing.stale();
    }

    CacheKey key() {
        return key;
    }

    /** Whether nobody is asked any more. */
    boolean isOver() {
        return over;
    }

    /** When {@link #proceed} has something to do, if nothing comes before. */
    long due() {
        return Math.min(end, Math.min(staleAt, nextAt));
    }

    /** Asks the first server. */
    void begin(long now) {
        askNext(now);
    }

    /** Has somebody wait for the answer, who is told of it once; of none, where no server has one. */
    void await(Consumer<Optional<Kept>> waiter) {
        waiting.add(waiter);
        if (staleAt == NEVER) {
            giveStale();
        }
    }

    /** Does what is due. */
    void proceed(long now) {
        if (now >= end) {
            giveUp();
            return;
        }
        if (now >= staleAt) {
            staleAt = NEVER;
            giveStale();
        }
        if (now >= nextAt) {
            // A server that is silent may have lost the datagram: it is asked again after all others.
            Attempt latest = attempts.get(attempts.size() - 1);
            blame.silent(latest.server(), key.name(), nextAt - timing.server(), now);
            if (!latest.usesTcp()) {
                silent.add(latest.server());
            }
            next.add(latest.server());
            askNext(now);
        }
    }

    private void askNext(long now) {
        nextAt = NEVER;
        while (!next.isEmpty() && nextAt == NEVER) {
            InetSocketAddress server = next.poll();
            try {
                // Some throw away what they do not know. Signatures cannot be asked for without it.
                boolean edns = key.dnssecOk() || !silent.contains(server);
                attempts.add(new Attempt(sockets, this, server, edns));
                nextAt = now + timing.server();
            } catch (IOException unreachable) {
                blame.failed(server, now);
            }
        }
        if (attempts.isEmpty()) {
            giveUp();
        }
    }

    /** A server answered. */
    void answered(Attempt attempt, byte[] message, long now) {
        blame.heard(attempt.server(), now);
        if (over) {
            return;
        }
        int flags = ByteBuffer.wrap(message).getShort(Header.FLAGS);
        int rcode = flags & Header.RCODE;
        try {
            if ((flags & Header.TC) != 0) {
                truncated(attempt, message, now);
                return;
            }
            if ((rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP) && attempt.usesEdns() && !attempt.usesTcp()) {
                attempt.leaveEdns();
                return;
            }
        } catch (IOException unreachable) {
            failed(attempt, now);
            return;
        }
        Optional<ServerAnswer> answer = ServerAnswer.read(message, key);
        if (answer.isEmpty()) {
            // It may know other names: only silence is a reason to ask it last.
            next(attempt, now);
            return;
        }
        cache.put(key, answer.get().answer(), answer.get().ttl());
        end(Optional.of(new Kept(answer.get().answer(), 0, false)));
    }

    /** All of it is asked for by TCP; a part is better than nothing where that does not come. */
    private void truncated(Attempt attempt, byte[] message, long now) {
        truncated = ServerAnswer.read(message, key).map(ServerAnswer::answer).or(() -> truncated);
        if (attempt.usesTcp()) {
            next(attempt, now);
            return;
        }
        try {
            attempt.useTcp();
        } catch (IOException unreachable) {
            next(attempt, now);
        }
    }

    /** A server will not answer. One that does so by TCP only answers others by UDP as before. */
    void failed(Attempt attempt, long now) {
        if (over) {
            return;
        }
        if (!attempt.usesTcp()) {
            blame.failed(attempt.server(), now);
        }
        next(attempt, now);
    }

    /** A server has answered nothing of use, or will not. */
    private void next(Attempt attempt, long now) {
        attempt.close();
        boolean latest = attempts.indexOf(attempt) == attempts.size() - 1;
        attempts.remove(attempt);
        next.remove(attempt.server());
        if (latest || attempts.isEmpty()) {
            askNext(now);
        }
    }

    private void giveStale() {
        if (!waiting.isEmpty()) {
            cache.getStale(key).ifPresent(kept -> tell(Optional.of(kept)));
        }
    }

    private void giveUp() {
        giveStale();
        end(truncated.map(answer -> new Kept(answer, 0, false)));
    }

    private void end(Optional<Kept> answer) {
        close();
        tell(answer);
    }

    private void tell(Optional<Kept> answer) {
        List<Consumer<Optional<Kept>>> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(waiter -> waiter.accept(answer));
    }

    /** Asks nobody any more, and tells nobody. */
    void close() {
        over = true;
        attempts.forEach(Attempt::close);
        attempts.clear();
    }
}
