package io.jnet.netlink.libc;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the wait of a {@link Poller} from any thread (eventfd(2)). To ring it once more before it was heard costs no system call. Thread-safe.
 */
public final class Bell implements AutoCloseable {
    private final EventDescriptor event;
    private final AtomicBoolean ringing = new AtomicBoolean();
    private boolean closed;

    private Bell(EventDescriptor event) {
        this.event = event;
    }

    /**
     * Makes a bell.
     *
     * @throws KernelException EMFILE when the process has too many open files
     */
    public static Bell open() {
        return new Bell(EventDescriptor.open());
    }

    /** Rings; without effect when it is closed. */
    public void ring() {
        if (ringing.compareAndSet(false, true)) {
            raise();
        }
    }

    /** To be called by who has heard it, and before he looks for what there is to do: what comes after that rings again. */
    public synchronized void hear() {
        if (!closed) {
            event.lower();
            ringing.set(false);
        }
    }

    /** Under a lock with {@link #ring}: the number of a closed descriptor may be somebody else's at once. */
    @Override
    public synchronized void close() {
        closed = true;
        event.close();
    }

    int number() {
        return event.number();
    }

    private synchronized void raise() {
        if (!closed) {
            event.raise();
        }
    }
}
