package io.jnet.daemon.cni;

import io.jnet.daemon.cni.CniArrival.Progress;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.NativeBuffer;
import io.jnet.netlink.libc.Poller;
import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections on which no whole question has arrived yet, read by one thread: clients that are silent or slow, however many, keep
 * nobody from being answered.
 *
 * <p>What they could use up instead is bounded. A question has {@link #PATIENCE} to arrive. When there are {@link #MOST}, the oldest makes
 * place. A heavy one is not read beyond its head before it has the one place for such; it waits in its client's socket, as long as its client does,
 * and has the place until it is answered. Where others wait for that, it is let go when it does not arrive within {@link #TURN}.
 */
final class CniArrivals implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CniArrivals.class);
    private static final int MOST = 1024;
    /** The executable sends its question in one go. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration TURN = Duration.ofMillis(250);
    /** How often it is looked whether the place is free that somebody waits for. */
    private static final Duration LOOK = Duration.ofMillis(10);
    /** For questions that are on their way when the socket closes. */
    private static final Duration LAST = Duration.ofMillis(100);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int ROOM = 64 * 1024;
    private static final int ROOT = 0;
    private static final long LISTENER = 0;

    private final UnixListener listener;
    private final Callers callers;
    private final Poller poller = Poller.open();
    private final NativeBuffer room = NativeBuffer.allocate(ROOM);
    /** Those that are read, and those that wait for the place for heavy ones; in both the one that began first is first. */
    private final Map<Long, CniArrival> arriving = new LinkedHashMap<>();

    private final Map<Long, CniArrival> waiting = new LinkedHashMap<>();
    private final AtomicBoolean heavyTaken = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private Optional<Long> heavy = Optional.empty();
    private long heavySince;
    private long next = LISTENER + 1;

    /** Who is told; by the thread that runs. */
    interface Callers {
        /** A connection was accepted. */
        void came();

        /** A connection is closed, without a question. */
        void left();

        /**
         * A question is there; connection and question are the callee's to close.
         *
         * @param answered to be run when nothing of the question is in memory any more
         */
        void asked(UnixConnection connection, CniQuestion question, Runnable answered);
    }

    CniArrivals(UnixListener listener, Callers callers) {
        this.listener = listener;
        this.callers = callers;
        poller.add(listener, LISTENER);
    }

    /** Ends {@link #run}, after what is on its way has had a moment. */
    void stop() {
        stopped.set(true);
        poller.wake();
    }

    /** Accepts and reads until {@link #stop}. */
    @Override
    public void run() {
        while (!stopped.get()) {
            look(millisecondsToWait());
        }
        long end = System.nanoTime() + LAST.toNanos();
        while (!isEmpty() && System.nanoTime() < end) {
            look(0);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        List.copyOf(arriving.keySet()).forEach(this::drop);
        List.copyOf(waiting.keySet()).forEach(this::drop);
    }

    @Override
    public void close() {
        poller.close();
    }

    private void look(int milliseconds) {
        List<Long> ready = new ArrayList<>();
        poller.await(milliseconds, ready::add);
        for (long key : ready) {
            if (key == LISTENER) {
                accept();
            } else if (arriving.containsKey(key)) {
                read(key);
            }
        }
        letGo();
        admit();
    }

    private int millisecondsToWait() {
        if (arriving.isEmpty()) {
            return waiting.isEmpty() ? -1 : (int) LOOK.toMillis();
        }
        Duration longest = waiting.isEmpty() ? PATIENCE : LOOK;
        long oldest = System.nanoTime() - arriving.values().iterator().next().begin();
        return (int) Math.max(
                1, Math.min(longest.toMillis(), PATIENCE.minusNanos(oldest).toMillis() + 1));
    }

    private void accept() {
        try {
            Optional<UnixConnection> connection = listener.acceptNow();
            while (connection.isPresent()) {
                begin(connection.get());
                connection = listener.acceptNow();
            }
        } catch (KernelException refused) {
            LOG.warn("cannot take a call: {}", refused.getMessage());
            if (isEmpty()) {
                LockSupport.parkNanos(PAUSE.toNanos());
            } else {
                dropOldest();
            }
        }
    }

    private void begin(UnixConnection connection) {
        if (connection.peer().userId() != ROOT) {
            LOG.atWarn().addKeyValue("user", connection.peer().userId()).log("refused a call that is not root's");
            connection.close();
            return;
        }
        if (arriving.size() + waiting.size() == MOST) {
            dropOldest();
        }
        callers.came();
        long key = next++;
        arriving.put(key, new CniArrival(connection));
        poller.add(connection, key);
    }

    private void read(long key) {
        CniArrival arrival = arriving.get(key);
        try {
            Progress progress = arrival.read(room);
            if (progress == Progress.HEAVY) {
                poller.remove(arrival.connection());
                arriving.remove(key);
                waiting.put(key, arrival);
            } else if (progress == Progress.WHOLE) {
                poller.remove(arrival.connection());
                arriving.remove(key);
                Runnable answered = arrival.isAdmitted() ? () -> heavyTaken.set(false) : () -> {};
                heavy = heavy.filter(holder -> holder != key);
                callers.asked(arrival.connection(), arrival.question(), answered);
            }
        } catch (KernelException gone) {
            LOG.debug("a call broke off: {}", gone.getMessage());
            drop(key);
        } catch (IllegalArgumentException malformed) {
            LOG.warn("refused a call: {}", malformed.getMessage());
            drop(key);
        } catch (RuntimeException defect) {
            // This thread is everybody's.
            LOG.atError().setCause(defect).log("unexpected failure");
            drop(key);
        }
    }

    /** Gives the place for heavy questions to the next one. */
    private void admit() {
        while (!waiting.isEmpty() && heavyTaken.compareAndSet(false, true)) {
            long key = waiting.keySet().iterator().next();
            CniArrival arrival = waiting.remove(key);
            heavy = Optional.of(key);
            heavySince = System.nanoTime();
            arrival.admit();
            arriving.put(key, arrival);
            poller.add(arrival.connection(), key);
            read(key);
        }
    }

    /** Lets go who is too slow. */
    private void letGo() {
        long now = System.nanoTime();
        if (!waiting.isEmpty() && now - heavySince > TURN.toNanos()) {
            heavy.ifPresent(this::drop);
        }
        List<Long> late = new ArrayList<>();
        for (Map.Entry<Long, CniArrival> one : arriving.entrySet()) {
            if (now - one.getValue().begin() <= PATIENCE.toNanos()) {
                break;
            }
            late.add(one.getKey());
        }
        for (long key : late) {
            // Its question may have come while this thread waited for room.
            read(key);
            if (arriving.containsKey(key)) {
                drop(key);
            }
        }
    }

    private boolean isEmpty() {
        return arriving.isEmpty() && waiting.isEmpty();
    }

    private void dropOldest() {
        long now = System.nanoTime();
        Stream.of(arriving, waiting)
                .flatMap(some -> some.entrySet().stream().limit(1))
                .min(Comparator.comparingLong(one -> one.getValue().begin() - now))
                .ifPresent(oldest -> drop(oldest.getKey()));
    }

    private void drop(long key) {
        CniArrival arrival = waiting.containsKey(key) ? waiting.remove(key) : arriving.remove(key);
        if (arrival == null) {
            return;
        }
        arrival.drop();
        if (arrival.isAdmitted()) {
            heavy = Optional.empty();
            heavyTaken.set(false);
        }
        callers.left();
    }
}
