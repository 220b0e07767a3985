package io.jnet.daemon.trace;

import io.jnet.netlink.EventsLostException;
import io.jnet.netlink.nftables.TraceEvent;
import io.jnet.netlink.nftables.TraceMonitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what the kernel reports of traced packets, in the network namespace of the thread that opened it. */
final class Recorder implements AutoCloseable {
    /** The kernel reports before it goes on with the packet; this is for the thread that hears it. */
    private static final Duration QUIET = Duration.ofMillis(150);

    private static final Duration ENOUGH = Duration.ofMillis(500);

    private final TraceMonitor monitor = TraceMonitor.open();
    private final BlockingQueue<TraceEvent> heard = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::hear, "trace events");

    private Recorder() {}

    /** Begins to listen. */
    static Recorder start() {
        Recorder recorder = new Recorder();
        recorder.thread.setDaemon(true);
        recorder.thread.start();
        return recorder;
    }

    /**
     * What was reported, once nothing more comes for a moment: waits for a first report as long as this, and for all that follow half a second at most, since
     * others may send packets of the kind without an end.
     */
    List<TraceEvent> take(Duration longest) throws InterruptedException {
        List<TraceEvent> events = new ArrayList<>();
        TraceEvent next = heard.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        long end = System.nanoTime() + ENOUGH.toNanos();
        while (next != null) {
            events.add(next);
            next = System.nanoTime() < end ? heard.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS) : null;
        }
        return events;
    }

    @Override
    public void close() {
        monitor.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hear() {
        List<TraceEvent> events = next();
        while (!events.isEmpty()) {
            heard.addAll(events);
            events = next();
        }
    }

    private List<TraceEvent> next() {
        while (true) {
            try {
                return monitor.receive();
            } catch (EventsLostException lost) {
                // The marks are limited, so that was somebody else's tracing: what was heard is told.
            }
        }
    }
}
