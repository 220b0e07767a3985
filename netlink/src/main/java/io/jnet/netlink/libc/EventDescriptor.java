package io.jnet.netlink.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A descriptor that is readable from {@link #raise} on, for who waits for sockets and is to be woken (eventfd(2)). No lock of its own. */
final class EventDescriptor implements AutoCloseable {
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    private final Descriptor descriptor;
    private final NativeBuffer count = NativeBuffer.allocate(Long.BYTES);

    private EventDescriptor(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Makes one.
     *
     * @throws KernelException EMFILE when the process has too many open files
     */
    static EventDescriptor open() {
        int opened = Libc.check("create", "eventfd", () -> Libc.functions().eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        return new EventDescriptor(new Descriptor(opened, "eventfd"));
    }

    int number() {
        return descriptor.number();
    }

    /** Makes it readable. */
    void raise() {
        byte[] one = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(1)
                .array();
        Libc.checkLong("write", "eventfd", () -> Libc.functions().write(descriptor.number(), one, one.length));
    }

    /** Has it readable no more, until it is raised again. */
    void lower() {
        // EAGAIN when it is not.
        Libc.attempt(() -> Libc.functions().read(descriptor.number(), count.memory(), count.size()));
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
