package io.jnet.netlink.libc;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** An open file descriptor that is closed once. Opened close-on-exec: no child process inherits it. */
public final class Descriptor implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLOSED = -1;

    private final AtomicInteger number;
    private final String object;

    Descriptor(int number, String object) {
        this.number = new AtomicInteger(number);
        this.object = object;
    }

    /**
     * Opens a file for reading (open(2)).
     *
     * @throws KernelException when the file cannot be opened
     */
    public static Descriptor open(Path path) {
        String name = path.toString();
        int opened = Libc.check("open", name, () -> Libc.functions().open(name, O_RDONLY | O_CLOEXEC));
        return new Descriptor(opened, name);
    }

    /**
     * The number, for kernel interfaces that take one ({@code IFLA_NET_NS_FD}).
     *
     * @throws IllegalStateException when closed
     */
    public int number() {
        int current = number.get();
        if (current == CLOSED) {
            throw new IllegalStateException(object + " is closed");
        }
        return current;
    }

    /**
     * What tells the open file from others.
     *
     * @throws KernelException when the kernel does not say
     */
    public FileIdentity identity() {
        return FileIdentity.of(this);
    }

    /** Closes the descriptor; harmless when it is closed already. */
    @Override
    public void close() {
        int current = number.getAndSet(CLOSED);
        if (current != CLOSED) {
            // The result is ignored on purpose: Linux frees the number even when close(2) reports EINTR or EIO, and
            // a second close could hit a descriptor that another thread has opened since.
            Libc.functions().close(current);
        }
    }

    @Override
    public String toString() {
        return object;
    }
}
