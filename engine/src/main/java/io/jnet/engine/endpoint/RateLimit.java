package io.jnet.engine.endpoint;

import io.jnet.engine.failure.EngineException;

/**
 * How fast packets go at most, in one direction.
 *
 * @param rate in bits per second
 * @param burst in bits: what may go at once after a pause
 */
public record RateLimit(long rate, long burst) {
    /** One kbit/s: with less, a packet takes longer than any connection waits. */
    public static final long MIN_RATE = 1_000;
    /** One Pbit/s. */
    public static final long MAX_RATE = 1_000_000_000_000_000L;
    /** Of 32 bits of bytes, which the kernel counts in. */
    public static final long MAX_BURST = 0xffff_ffffL * Byte.SIZE;

    /** Room for the largest packet of 64 KiB, with the headers that the kernel counts for each of its parts (qdisc_pkt_len_init). */
    private static final long LARGEST_PACKET = 128L * 1024 * Byte.SIZE;

    private static final long BURSTS_PER_SECOND = 40;

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when a value is out of bounds
     */
    public RateLimit {
        if (rate < MIN_RATE || rate > MAX_RATE) {
            throw EngineException.invalid(
                    "invalid rate " + rate + ": want " + MIN_RATE + " to " + MAX_RATE + " bits per second");
        }
        if (burst < 1 || burst > MAX_BURST) {
            throw EngineException.invalid("invalid burst " + burst + ": want 1 to " + MAX_BURST + " bits");
        }
    }

    /**
     * A rate with a burst that suits it: what it lets pass within 25 ms, so that a timer that comes late costs no throughput, and at least
     * the largest packet that Linux hands to a link, so that none has to be cut.
     */
    public static RateLimit of(long rate) {
        return new RateLimit(rate, Math.min(Math.max(rate / BURSTS_PER_SECOND, LARGEST_PACKET), MAX_BURST));
    }

    /** The rate in whole bytes per second. */
    public long bytesPerSecond() {
        return rate / Byte.SIZE;
    }

    /** The burst in whole bytes; 0 for less than one. */
    public long burstBytes() {
        return burst / Byte.SIZE;
    }
}
