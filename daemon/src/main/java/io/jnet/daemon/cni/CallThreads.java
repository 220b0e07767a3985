package io.jnet.daemon.cni;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for calls: one that waits takes a call, another one is started where none does, and when there are as many as there may be the call waits. A
 * {@link ThreadPoolExecutor} with a queue of its own would start one for each call until there are as many, though others wait; and with a
 * {@code SynchronousQueue} no call can wait.
 */
final class CallThreads {
    private static final int IDLE_SECONDS = 10;

    private CallThreads() {}

    /**
     * @param threads at most, each of which ends when it had nothing to do for a while
     * @param waiting calls that wait for a thread; who comes with one more waits himself
     */
    static ExecutorService pool(int threads, int waiting, String name) {
        Semaphore room = new Semaphore(waiting);
        return new ThreadPoolExecutor(
                0,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new Handover(),
                work -> thread(name, work),
                (call, busy) -> {
                    try {
                        room.acquire();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                    busy.getQueue().add(() -> {
                        room.release();
                        call.run();
                    });
                });
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Refuses a call that no thread waits for, so that one is started; but for those that are to wait. */
    private static final class Handover extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable call) {
            return tryTransfer(call);
        }
    }
}
