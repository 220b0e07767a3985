package io.jnet.dns.cache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Answers of other servers, bounded in number and bytes: the one that was asked for longest ago goes first. What is older than it may be is kept
 * for when no server answers.
 */
public final class AnswerCache {
    /** Seconds for which an answer is kept at most, however long it says. */
    public static final int MOST_TTL = 3600;

    /** Seconds for which the answer that there is nothing is kept at most. */
    public static final int MOST_NEGATIVE_TTL = 300;

    /** Seconds for which clients may keep an answer that is older than it may be (RFC 8767 section 4). */
    public static final int STALE_TTL = 30;

    private static final int MOST_ENTRIES = 10_000;
    private static final long MOST_BYTES = 8L << 20;
    /** Key, entry and map. */
    private static final int OVERHEAD = 256;
    /** Milliseconds for which an answer is kept beyond its time. */
    private static final long STALE = 3_600_000;
    /** Milliseconds for which servers that did not answer are not asked again for what is known from before. */
    private static final long REST = 30_000;

    private static final int SECOND = 1000;

    private final LongSupplier millis;
    private final Map<CacheKey, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    private static final class Entry {
        private final StoredAnswer answer;
        private final long stored;
        private final long fresh;
        /** Until when the servers are left in peace. */
        private long rest;

        Entry(StoredAnswer answer, long stored, long fresh) {
            this.answer = answer;
            this.stored = stored;
            this.fresh = fresh;
            this.rest = stored;
        }

        long size() {
            return (long) answer.size() + OVERHEAD;
        }
    }

    /**
     * An answer that was kept.
     *
     * @param age seconds since it was given
     * @param stale whether it is older than it may be
     */
    public record Kept(StoredAnswer answer, int age, boolean stale) {
        /** The TTL to give away of one that was given, which is negative where it is out of range (RFC 2181 section 8). */
        public int ttl(int given) {
            return stale ? STALE_TTL : Math.max(0, Math.min(given, MOST_TTL) - age);
        }
    }

    /**
     * @param millis a clock that only goes forward
     */
    public AnswerCache(LongSupplier millis) {
        this.millis = millis;
    }

    /** An answer that may be given away at once: a fresh one, or a stale one whose servers have just been found silent. */
    public synchronized Optional<Kept> get(CacheKey key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        long now = millis.getAsLong();
        return now < entry.fresh || now < entry.rest ? kept(entry, now) : Optional.empty();
    }

    /** An answer to give away where no server answers; from now on it may be given away at once for a while. */
    public synchronized Optional<Kept> getStale(CacheKey key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        long now = millis.getAsLong();
        Optional<Kept> kept = kept(entry, now);
        if (kept.isPresent()) {
            entry.rest = now + REST;
        }
        return kept;
    }

    private static Optional<Kept> kept(Entry entry, long now) {
        return now >= entry.fresh + STALE
                ? Optional.empty()
                : Optional.of(new Kept(entry.answer, (int) ((now - entry.stored) / SECOND), now >= entry.fresh));
    }

    /**
     * Keeps an answer in place of what was known.
     *
     * @param ttl seconds for which it is fresh; 0: it is not kept
     */
    public synchronized void put(CacheKey key, StoredAnswer answer, int ttl) {
        Entry old = entries.remove(key);
        if (old != null) {
            bytes -= old.size();
        }
        if (ttl <= 0) {
            return;
        }
        long now = millis.getAsLong();
        Entry entry = new Entry(answer, now, now + Math.min(ttl, MOST_TTL) * (long) SECOND);
        entries.put(key, entry);
        bytes += entry.size();
        Iterator<Entry> oldest = entries.values().iterator();
        while (entries.size() > MOST_ENTRIES || bytes > MOST_BYTES) {
            bytes -= oldest.next().size();
            oldest.remove();
        }
    }

    /** How many answers are kept. */
    public synchronized int size() {
        return entries.size();
    }
}
