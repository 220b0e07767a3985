package io.jnet.dns.forward;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How much is asked of others at the moment, and on whose account: one cannot take what all others have. */
final class Outstanding {
    /** Of all. */
    static final int MOST = 1000;

    private static final int MOST_OF_ONE = 100;

    private final Map<Object, Integer> accounts = new HashMap<>();
    private int all;

    /** Counts one more; false: there are too many. */
    synchronized boolean take(Object account) {
        int own = accounts.getOrDefault(account, 0);
        if (all >= MOST || own >= MOST_OF_ONE) {
            return false;
        }
        accounts.put(account, own + 1);
        all++;
        return true;
    }

    /** Counts one less. */
    synchronized void giveBack(Object account) {
        accounts.computeIfPresent(account, (key, own) -> own == 1 ? null : own - 1);
        all--;
        if (all == 0) {
            notifyAll();
        }
    }

    /** Waits until nothing is asked; false: the time was up before. */
    synchronized boolean awaitNone(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); all > 0 && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return all == 0;
    }
}
