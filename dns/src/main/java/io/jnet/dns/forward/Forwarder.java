package io.jnet.dns.forward;

import io.jnet.dns.cache.AnswerCache;
import io.jnet.dns.cache.AnswerCache.Kept;
import io.jnet.dns.cache.CacheKey;
import io.jnet.dns.forward.Outstanding.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other servers: each question once at a time, whoever asks it. What they answer goes to the cache. */
public final class Forwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private final AnswerCache cache;
    private final Timing timing;
    private final LongSupplier millis;
    private final Outstanding outstanding = new Outstanding();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Sockets sockets;
    private final Thread thread;
    private volatile boolean closed;

    // Of the thread alone.
    private final Blame blame;
    private final Map<CacheKey, Lookup> lookups = new HashMap<>();

    /**
     * @param millis a clock that only goes forward
     */
    public Forwarder(AnswerCache cache, Timing timing, LongSupplier millis) {
        this.cache = cache;
        this.timing = timing;
        this.millis = millis;
        this.blame = new Blame(timing.blame());
        try {
            this.sockets = new Sockets();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot wait for name servers", failed);
        }
        this.thread = new Thread(this::run, "jnet-dns-forward");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Asks a question's servers.
     *
     * @param account whose question it is
     * @param waiter is told the answer once, in another thread; of none, where no server has one
     * @return false: nobody is asked, since too much is asked already
     */
    public boolean ask(CacheKey key, Object account, Consumer<Optional<Kept>> waiter) {
        Optional<Place> place = outstanding.take(key, account);
        if (place.isEmpty()) {
            return false;
        }
        tasks.add(() -> begin(key, place.get(), answer -> {
            tell(waiter, answer);
            outstanding.giveBack(place.get());
        }));
        sockets.selector().wakeup();
        return true;
    }

    private static void tell(Consumer<Optional<Kept>> waiter, Optional<Kept> answer) {
        try {
            waiter.accept(answer);
        } catch (RuntimeException failed) {
            LOG.debug("an answer was not taken", failed);
        }
    }

    private void begin(CacheKey key, Place place, Consumer<Optional<Kept>> waiter) {
        Lookup known = lookups.get(key);
        if (known != null) {
            known.await(waiter);
            return;
        }
        // One that was just answered, while this question waited for its turn.
        Optional<Kept> kept = cache.get(key);
        if (kept.isPresent()) {
            waiter.accept(kept);
            return;
        }
        if (!outstanding.begin(place) || lookups.size() >= Outstanding.MOST) {
            // Some go on for what was answered already, from before.
            waiter.accept(cache.getStale(key));
            return;
        }
        long now = millis.getAsLong();
        Lookup lookup = new Lookup(key, sockets, cache, blame, timing, now);
        lookups.put(key, lookup);
        lookup.await(waiter);
        lookup.begin(now);
        forget(lookup);
    }

    private void forget(Lookup lookup) {
        if (lookup.isOver()) {
            lookups.remove(lookup.key(), lookup);
        }
    }

    private void run() {
        while (!closed) {
            try {
                sockets.selector().select(this::proceed, untilDue(millis.getAsLong()));
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                proceedDue();
            } catch (IOException | RuntimeException failed) {
                LOG.error("asking name servers", failed);
            }
        }
        lookups.values().forEach(Lookup::close);
        Closing.quietly(sockets.selector());
    }

    /** Milliseconds until something is due; 0: nothing is. */
    private long untilDue(long now) {
        long due = Long.MAX_VALUE;
        for (Lookup lookup : lookups.values()) {
            due = Math.min(due, lookup.due());
        }
        return due == Long.MAX_VALUE ? 0 : Math.max(1, due - now);
    }

    private void proceed(SelectionKey selected) {
        if (selected.attachment() instanceof Attempt attempt) {
            attempt.proceed(millis.getAsLong());
            forget(attempt.lookup());
        }
    }

    private void proceedDue() {
        long now = millis.getAsLong();
        lookups.values().removeIf(lookup -> {
            if (lookup.due() <= now) {
                lookup.proceed(now);
            }
            return lookup.isOver();
        });
    }

    /**
     * Waits until all who wait were told.
     *
     * @param patience the longest
     */
    public void finish(Duration patience) {
        try {
            if (!outstanding.awaitNone(patience)) {
                LOG.debug("not all answers of other servers have come");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks nobody any more; who waits is not told. */
    @Override
    public void close() {
        closed = true;
        sockets.selector().wakeup();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
