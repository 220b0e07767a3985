package io.jnet.engine.publish;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How often all processes are looked at for the holder of a taken port: for as many ports as a person reads of, and again each minute. */
final class HolderSearches {
    private static final int MOST = 16;
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final LongSupplier clock;
    private long since;
    private int left = MOST;

    /**
     * @param clock nanoseconds, from any beginning
     */
    HolderSearches(LongSupplier clock) {
        this.clock = clock;
        this.since = clock.getAsLong();
    }

    /** Whether there may be another one now, which is counted. */
    synchronized boolean take() {
        long now = clock.getAsLong();
        if (now - since >= PERIOD.toNanos()) {
            since = now;
            left = MOST;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
