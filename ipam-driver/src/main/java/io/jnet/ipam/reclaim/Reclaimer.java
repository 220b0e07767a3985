package io.jnet.ipam.reclaim;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls {@link Reclaiming#sweep} when there is reason to, on a thread of its own. */
public final class Reclaimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaimer.class);

    /** A container that starts has its address by then, mostly. */
    private static final Duration AFTER_LEASE = Duration.ofSeconds(5);

    /** dockerd gives the address back itself meanwhile, mostly. */
    private static final Duration AFTER_USER = Duration.ofSeconds(1);

    private static final Duration AFTER_START = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final int PAUSE_PER_SWEEP = 10;
    private static final long CLOSING_MILLISECONDS = 5000;

    private final Supplier<Optional<Duration>> sweep;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = new Thread(this::run, "jnet-reclaimer");
    /** By {@link System#nanoTime}: the host's clock may be set. */
    private OptionalLong next = OptionalLong.empty();

    private boolean closed;

    /**
     * Begins, with a first look soon.
     *
     * @param sweep looks once, and answers how soon to look again
     */
    public Reclaimer(Supplier<Optional<Duration>> sweep) {
        this.sweep = sweep;
        wake(AFTER_START);
        thread.setDaemon(true);
        thread.start();
    }

    /** A lease was given. */
    public void leased() {
        wake(AFTER_LEASE);
    }

    /** A link went, which may have been a container's, or an endpoint did: the engine may need longer than this waits after the link. */
    public void userGone() {
        wake(AFTER_USER);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(CLOSING_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake(Duration delay) {
        long wanted = System.nanoTime() + delay.toNanos();
        lock.lock();
        try {
            if (next.isEmpty() || next.getAsLong() - wanted > 0) {
                next = OptionalLong.of(wanted);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        String reported = "";
        while (await()) {
            long begun = System.nanoTime();
            try {
                sweep.get().ifPresent(delay -> wakeAfter(begun, delay));
                reported = "";
            } catch (RuntimeException e) {
                if (!reported.equals(e.toString())) {
                    LOG.warn("cannot look for all abandoned addresses, trying again: {}", e.getMessage());
                    reported = e.toString();
                }
                wakeAfter(begun, AFTER_FAILURE);
            }
        }
    }

    /** Looking must not become what the daemon does most of the time. */
    private void wakeAfter(long begun, Duration delay) {
        Duration least = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(PAUSE_PER_SWEEP);
        wake(delay.compareTo(least) > 0 ? delay : least);
    }

    /** Waits until it is time. */
    private boolean await() {
        lock.lock();
        try {
            while (!closed) {
                if (next.isEmpty()) {
                    changed.await();
                    continue;
                }
                long left = next.getAsLong() - System.nanoTime();
                if (left <= 0) {
                    next = OptionalLong.empty();
                    return true;
                }
                changed.awaitNanos(left);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
