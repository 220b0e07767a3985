package io.jnet.daemon.http;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A number of places, given in the order of asking. Nobody blocks: who gets one is called. Safe for any thread. */
final class Places {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    Places(int number) {
        free = number;
    }

    /** Calls {@code taker} once it has a place: at once, or from another's {@link #giveBack}. */
    void take(Runnable taker) {
        synchronized (waiting) {
            if (free == 0) {
                waiting.add(taker);
                return;
            }
            free--;
        }
        taker.run();
    }

    void giveBack() {
        Optional<Runnable> next;
        synchronized (waiting) {
            next = Optional.ofNullable(waiting.poll());
            if (next.isEmpty()) {
                free++;
            }
        }
        next.ifPresent(Runnable::run);
    }
}
