package io.jnet.netlink.qdisc;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The clock of the packet scheduler: how long a tick is.
 *
 * @param tickNanos nanoseconds of a tick, at least 1
 */
record SchedulerClock(long tickNanos) {
    /** PSCHED_SHIFT of 6 (include/net/pkt_sched.h), since Linux 2.6.31. */
    static final SchedulerClock KERNEL = new SchedulerClock(64);

    private static final Path PSCHED = Path.of("/proc/net/psched");
    private static final int TICK_FIELD = 1;
    private static final int HEXADECIMAL = 16;
    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
    private static final BigInteger MAX_TICKS = BigInteger.valueOf(0xffff_ffffL);

    /** The clock of the running kernel; the usual one where it does not tell. */
    static SchedulerClock ofKernel() {
        try {
            return parse(Files.readString(PSCHED));
        } catch (IOException untold) {
            return KERNEL;
        }
    }

    /**
     * @param text four hexadecimal numbers, of which the second is a tick's nanoseconds (net/sched/sch_api.c, psched_show)
     */
    static SchedulerClock parse(String text) {
        String[] fields = text.strip().split(" +", -1);
        try {
            long nanos = fields.length > TICK_FIELD ? Long.parseLong(fields[TICK_FIELD], HEXADECIMAL) : 0;
            return nanos < 1 ? KERNEL : new SchedulerClock(nanos);
        } catch (NumberFormatException unknown) {
            return KERNEL;
        }
    }

    /** The ticks that bytes take at a rate in bytes per second, rounded up; as many as 32 bits hold when they take longer. */
    long ticks(long bytes, long rate) {
        BigInteger nanos = BigInteger.valueOf(bytes).multiply(NANOS_PER_SECOND);
        BigInteger divisor = BigInteger.valueOf(rate).multiply(BigInteger.valueOf(tickNanos));
        return nanos.add(divisor)
                .subtract(BigInteger.ONE)
                .divide(divisor)
                .min(MAX_TICKS)
                .longValue();
    }

    /** The bytes that pass at a rate within so many ticks. */
    long bytes(long ticks, long rate) {
        return BigInteger.valueOf(ticks)
                .multiply(BigInteger.valueOf(tickNanos))
                .multiply(BigInteger.valueOf(Math.max(rate, 0)))
                .divide(NANOS_PER_SECOND)
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValue();
    }
}
