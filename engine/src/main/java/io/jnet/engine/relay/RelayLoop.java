package io.jnet.engine.relay;

import io.jnet.netlink.libc.NativeBuffer;
import io.jnet.netlink.libc.Poller;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a relay, and what it waits for. One lock guards everything that it calls; nothing under it ever blocks. */
final class RelayLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayLoop.class);
    private static final int TICK_MILLISECONDS = 1000;
    private static final int UNTIL_SOMETHING_HAPPENS = -1;
    private static final int CLOSING_MILLISECONDS = 5000;
    /** The largest datagram fits. */
    private static final int BUFFER = 64 * 1024;

    private final Poller poller;
    private final RelayLimits limits;
    private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER);
    private final Object lock = new Object();
    private final Map<Long, Runnable> handlers = new HashMap<>();
    private final Set<Runnable> ticking = new LinkedHashSet<>();
    private final Set<Runnable> ports = new LinkedHashSet<>();
    private final Thread thread = new Thread(this::run, "jnet-relay");
    private final Shares streamShares;
    private final ClientPlaces clientPlaces;
    private long nextKey;
    private int streams;
    private boolean closed;

    private RelayLoop(Poller poller, RelayLimits limits) {
        this.poller = poller;
        this.limits = limits;
        this.streamShares = new Shares(limits.share());
        this.clientPlaces = new ClientPlaces(limits.clients(), limits.share());
    }

    static RelayLoop start(RelayLimits limits) {
        RelayLoop loop = new RelayLoop(Poller.open(), limits);
        loop.thread.setDaemon(true);
        loop.thread.start();
        return loop;
    }

    /** Runs work alone with everything that belongs to this loop. */
    <T> T call(Supplier<T> work) {
        synchronized (lock) {
            return work.get();
        }
    }

    Poller poller() {
        return poller;
    }

    RelayLimits limits() {
        return limits;
    }

    /** Scratch memory: what is in it is valid until the handler returns. */
    NativeBuffer buffer() {
        return buffer;
    }

    /** A key under which the poller tells that a socket is ready; the handler is called then. */
    long register(Runnable handler) {
        long key = nextKey++;
        handlers.put(key, handler);
        return key;
    }

    void unregister(long key) {
        handlers.remove(key);
    }

    /** Calls back about every second, until {@link #stopTicking}. */
    void tick(Runnable handler) {
        ticking.add(handler);
    }

    void stopTicking(Runnable handler) {
        ticking.remove(handler);
    }

    /** Adds the end of a port, which comes with the loop's own at the latest. */
    void added(Runnable portEnd) {
        ports.add(portEnd);
    }

    /** Ends a port, when it has not ended with the loop. */
    void end(Runnable portEnd) {
        if (ports.remove(portEnd)) {
            portEnd.run();
        }
    }

    /** Each neighbour's part of the streams. */
    Shares streamShares() {
        return streamShares;
    }

    /** Those of UDP clients. */
    ClientPlaces clientPlaces() {
        return clientPlaces;
    }

    /** Takes a place for a stream, when one is free. */
    boolean takeStream() {
        boolean free = streams < limits.streams();
        streams += free ? 1 : 0;
        return free;
    }

    void giveStreamBack() {
        streams--;
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        poller.wake();
        try {
            thread.join(CLOSING_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Long> ready = new ArrayList<>();
        long lastTick = System.nanoTime();
        while (true) {
            poller.await(patience(), ready::add);
            synchronized (lock) {
                if (closed) {
                    List.copyOf(ports).forEach(RelayLoop::guarded);
                    ports.clear();
                    poller.close();
                    return;
                }
                ready.forEach(key -> guarded(handlers.get(key)));
                if (System.nanoTime() - lastTick >= TICK_MILLISECONDS * 1_000_000L) {
                    List.copyOf(ticking).forEach(RelayLoop::guarded);
                    lastTick = System.nanoTime();
                }
            }
            ready.clear();
        }
    }

    /** Without anything to look after, the thread sleeps. */
    private int patience() {
        synchronized (lock) {
            return ticking.isEmpty() ? UNTIL_SOMETHING_HAPPENS : TICK_MILLISECONDS;
        }
    }

    /** A handler ends its own connection when that fails; what gets here is a defect, and must not end all others. */
    private static void guarded(Runnable handler) {
        if (handler == null) {
            return;
        }
        try {
            handler.run();
        } catch (RuntimeException defect) {
            LOG.atError().setCause(defect).log("a relayed connection failed unexpectedly");
        }
    }
}
