package io.jnet.engine.upkeep;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries from time to time to reserve what another process holds, until it has all; nobody tells when a process gives a port back. */
public final class PortReclaim implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PortReclaim.class);
    private static final int SECONDS = 5;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final BooleanSupplier attempt;
    private final Thread thread = new Thread(this::run, "jnet-port-reclaim");

    private PortReclaim(BooleanSupplier attempt) {
        this.attempt = attempt;
    }

    /**
     * @param attempt says whether something is left to be tried for
     */
    public static PortReclaim start(BooleanSupplier attempt) {
        PortReclaim reclaim = new PortReclaim(attempt);
        reclaim.thread.setDaemon(true);
        reclaim.thread.start();
        return reclaim;
    }

    /** Waits for an attempt that is under way. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            boolean left = true;
            while (left && !closed.await(SECONDS, TimeUnit.SECONDS)) {
                left = tryAgain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tryAgain() {
        try {
            return attempt.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.warn("cannot reserve ports again: {}", e.toString());
            return true;
        }
    }
}
