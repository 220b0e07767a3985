package io.jnet.netlink.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the wait of a {@link Poller} from any thread (eventfd(2)). To ring it once more before it was heard costs no system call. Thread-safe.
 */
public final class Bell implements AutoCloseable {
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    private final Descriptor event;
    private final NativeBuffer count = NativeBuffer.allocate(Long.BYTES);
    private final AtomicBoolean ringing = new AtomicBoolean();
    private boolean closed;

    private Bell(Descriptor event) {
        this.event = event;
    }

    /**
     * Makes a bell.
     *
     * @throws KernelException EMFILE when the process has too many open files
     */
    public static Bell open() {
        int opened = Libc.check("create", "eventfd", () -> Libc.functions().eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        return new Bell(new Descriptor(opened, "eventfd"));
    }

    /** Rings; without effect when it is closed. */
    public void ring() {
        if (ringing.compareAndSet(false, true)) {
            write();
        }
    }

    /** To be called by who has heard it, and before he looks for what there is to do: what comes after that rings again. */
    public synchronized void hear() {
        if (!closed) {
            Libc.attempt(() -> Libc.functions().read(event.number(), count.memory(), count.size()));
            ringing.set(false);
        }
    }

    /** Under a lock with {@link #ring}: the number of a closed descriptor may be somebody else's at once. */
    @Override
    public synchronized void close() {
        closed = true;
        event.close();
    }

    int descriptorNumber() {
        return event.number();
    }

    private synchronized void write() {
        if (!closed) {
            byte[] one = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(1)
                    .array();
            Libc.checkLong("write", "eventfd", () -> Libc.functions().write(event.number(), one, one.length));
        }
    }
}
