package io.jnet.engine.work;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The inverses of the steps that an operation has done, to be run last first when a later step fails; one that fails does not stop the
 * others.
 */
public final class Undo {
    private final Deque<Runnable> inverses = new ArrayDeque<>();

    /** Registers how to take back the step that is about to be done, or was done; inverses must bear that the step never happened. */
    public void add(Runnable inverse) {
        inverses.push(inverse);
    }

    /**
     * Takes everything back because of {@code cause}; what cannot be taken back is added to it as suppressed.
     *
     * @return {@code cause}, to be thrown
     */
    public RuntimeException because(RuntimeException cause) {
        while (!inverses.isEmpty()) {
            try {
                inverses.pop().run();
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
            }
        }
        return cause;
    }
}
