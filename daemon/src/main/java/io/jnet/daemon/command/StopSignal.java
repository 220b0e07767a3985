package io.jnet.daemon.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and SIGINT for a thread that serves. Java ends a process 143 after SIGTERM; a daemon that stopped cleanly has succeeded, so the
 * last act of the shutdown is to end the process with status 0.
 */
final class StopSignal {
    private static final long PATIENCE_SECONDS = 20;
    private static final int SUCCESS = 0;
    private static final int FAILURE = 1;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean failed;

    private StopSignal() {}

    /** Begins to listen, once in a process's life. */
    static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::shutDown, "stop"));
        return signal;
    }

    /** Waits until the process is asked to stop. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** The same, but no longer than this; whether it was asked. */
    boolean await(Duration longest) throws InterruptedException {
        return asked.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tells that everything is released, after serving or after a failure. */
    void released() {
        // Before anybody asked, only a failure ends the daemon: its status is set by whoever reports it.
        failed = asked.getCount() > 0;
        stopped.countDown();
    }

    private void shutDown() {
        asked.countDown();
        try {
            boolean inTime = stopped.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!failed) {
                Runtime.getRuntime().halt(inTime ? SUCCESS : FAILURE);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
