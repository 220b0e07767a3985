package io.jnet.dns.listen;

import io.jnet.netlink.libc.Bell;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.NativeBuffer;
import io.jnet.netlink.libc.Poller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that waits for all sockets. What is said to be of the loop's thread is called by it only, and so needs no lock. */
final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int TICK_MILLISECONDS = 1000;
    private static final int AT_ONCE = 0;
    private static final int UNTIL_SOMETHING_HAPPENS = -1;
    private static final int CLOSING_MILLISECONDS = 5000;
    static final int MOST_ANSWERS = 4096;
    /** A message and its length fit (RFC 1035 section 4.2.2). */
    private static final int BUFFER = 64 * 1024 + 2;

    private static final long BELL = 0;

    private final Poller poller;
    private final Bell bell;
    private final Backlog backlog;
    private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER);
    private final Datagrams datagrams = new Datagrams();
    private final Map<Long, Runnable> handlers = new ConcurrentHashMap<>();
    private final AtomicLong nextKey = new AtomicLong(BELL + 1);
    private final Queue<Runnable> answers = new ArrayBlockingQueue<>(MOST_ANSWERS);
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final BusyPolling polling = new BusyPolling();
    private final Set<Runnable> ticking = new LinkedHashSet<>();
    private final Thread thread = new Thread(this::run, "jnet-dns");
    private volatile boolean closed;

    private Loop(Poller poller, Bell bell, Backlog backlog) {
        this.poller = poller;
        this.bell = bell;
        this.backlog = backlog;
    }

    /**
     * Starts the thread.
     *
     * @throws KernelException EMFILE when the process has too many open files
     */
    static Loop start(Backlog backlog) {
        Poller poller = Poller.open();
        try {
            Bell bell = Bell.open();
            poller.add(bell, BELL);
            Loop loop = new Loop(poller, bell, backlog);
            loop.thread.setDaemon(true);
            loop.thread.start();
            return loop;
        } catch (KernelException refusal) {
            poller.close();
            throw refusal;
        }
    }

    Poller poller() {
        return poller;
    }

    /** What the connections of all networks have not sent yet. */
    Backlog backlog() {
        return backlog;
    }

    /** A key under which the poller tells that a socket is ready; the handler is called then, by the loop's thread. */
    long register(Runnable handler) {
        long key = nextKey.getAndIncrement();
        handlers.put(key, handler);
        return key;
    }

    void unregister(long key) {
        handlers.remove(key);
    }

    /** Has the loop's thread do what belongs to an answer; false: it is far behind with these, and the answer is lost, as a datagram may be. */
    boolean answer(Runnable work) {
        boolean taken = answers.offer(work);
        if (taken) {
            bell.ring();
        }
        return taken;
    }

    /** Has the loop's thread do something. */
    void order(Runnable work) {
        orders.add(work);
        bell.ring();
    }

    /** Waits until all is sent that was to be answered so far, or the time is up. */
    void settle(Duration patience) {
        CountDownLatch done = new CountDownLatch(1);
        order(() -> {
            empty(answers);
            done.countDown();
        });
        try {
            if (!done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("not all answers were sent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this is the loop's thread. */
    boolean isHere() {
        return Thread.currentThread() == thread;
    }

    /** Scratch memory of the loop's thread: what is in it is valid until the handler returns. */
    NativeBuffer buffer() {
        return buffer;
    }

    /** The room for datagrams, of the loop's thread. */
    Datagrams datagrams() {
        return datagrams;
    }

    /** Calls back about every second, until {@link #stopTicking}. Of the loop's thread. */
    void tick(Runnable handler) {
        ticking.add(handler);
    }

    /** Of the loop's thread. */
    void stopTicking(Runnable handler) {
        ticking.remove(handler);
    }

    /** Ends the thread, after what it was ordered. */
    @Override
    public void close() {
        closed = true;
        bell.ring();
        try {
            thread.join(CLOSING_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Long> ready = new ArrayList<>();
        long lastTick = System.nanoTime();
        while (!closed) {
            boolean looks = polling.looks(System.nanoTime());
            poller.await(looks ? AT_ONCE : longest(), ready::add);
            if (looks && ready.isEmpty()) {
                continue;
            }
            polling.found(System.nanoTime());
            for (long key : ready) {
                if (key == BELL) {
                    bell.hear();
                } else {
                    guarded(handlers.get(key));
                }
            }
            ready.clear();
            empty(orders);
            empty(answers);
            if (System.nanoTime() - lastTick >= TICK_MILLISECONDS * 1_000_000L) {
                List.copyOf(ticking).forEach(Loop::guarded);
                lastTick = System.nanoTime();
            }
            polling.pause(System.nanoTime());
        }
        empty(orders);
        bell.close();
        poller.close();
    }

    private int longest() {
        return ticking.isEmpty() ? UNTIL_SOMETHING_HAPPENS : TICK_MILLISECONDS;
    }

    private static void empty(Queue<Runnable> queue) {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            guarded(next);
        }
    }

    /** A handler ends its own client when that fails; what gets here is a defect, and must not end all others. */
    private static void guarded(Runnable handler) {
        if (handler == null) {
            return;
        }
        try {
            handler.run();
        } catch (RuntimeException | StackOverflowError defect) {
            LOG.atError().setCause(defect).log("a query failed unexpectedly");
        }
    }
}
