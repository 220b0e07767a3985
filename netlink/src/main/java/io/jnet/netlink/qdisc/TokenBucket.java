package io.jnet.netlink.qdisc;

import java.math.BigInteger;
import java.time.Duration;

/**
 * What a token bucket filter is set to: a packet leaves when the bucket has a token for each of its bytes, and waits until then.
 *
 * @param rate tokens that come into the bucket, in bytes per second
 * @param burst how many tokens it holds, in bytes. No packet of more bytes passes, but that the kernel cuts one that was to be cut in any
 *     case (GSO). The kernel answers it in ticks of 64 ns at the rate, so it comes back inexactly, and wrong above 274 s
 * @param limit how many bytes wait at most; what comes beyond is dropped
 */
public record TokenBucket(long rate, long burst, long limit) {
    /** The largest burst and limit: the kernel has 32 bits for either. */
    public static final long MAX_BYTES = 0xffff_ffffL;

    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

    /**
     * @throws IllegalArgumentException for a rate or burst of nothing, or more than 32 bits have room for
     */
    public TokenBucket {
        if (rate < 1) {
            throw new IllegalArgumentException("token bucket of rate " + rate);
        }
        if (burst < 1 || burst > MAX_BYTES || limit < 0 || limit > MAX_BYTES) {
            throw new IllegalArgumentException("token bucket of burst " + burst + " and limit " + limit);
        }
    }

    /**
     * A bucket whose queue holds a burst, and what the rate takes away within a time: as {@code tc} has it for {@code latency}.
     *
     * @param rate in bytes per second
     * @param burst in bytes
     * @param latency how long a packet waits at most, when the packets before it came no faster than a full bucket lets them pass
     */
    public static TokenBucket of(long rate, long burst, Duration latency) {
        BigInteger queued = BigInteger.valueOf(rate)
                .multiply(BigInteger.valueOf(latency.toNanos()))
                .divide(NANOS_PER_SECOND);
        BigInteger limit = queued.add(BigInteger.valueOf(burst)).min(BigInteger.valueOf(MAX_BYTES));
        return new TokenBucket(rate, burst, limit.longValue());
    }

    /** Whether this is what the kernel answers for a bucket that was set to {@code other}: the burst, which is inexact, is in the limit. */
    public boolean isSameAs(TokenBucket other) {
        return rate == other.rate && limit == other.limit;
    }
}
