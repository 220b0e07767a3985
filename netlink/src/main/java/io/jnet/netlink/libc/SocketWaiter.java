package io.jnet.netlink.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Waits until a socket is readable, or until {@link #wake()} is called from any thread: closing a descriptor does not end another
 * thread's {@code recv}, so the wait is a poll(2) of the socket and of an eventfd(2).
 */
public final class SocketWaiter implements AutoCloseable {
    private static final short POLLIN = 1;
    /** {@code struct pollfd { int fd; short events; short revents; }}. */
    private static final int POLLFD_LENGTH = 8;

    private static final int REVENTS = 6;
    private static final int NO_TIMEOUT = -1;

    private final KernelSocket socket;
    private final EventDescriptor event;

    /** Makes a waiter for this socket. */
    public SocketWaiter(KernelSocket socket) {
        this.socket = socket;
        this.event = EventDescriptor.open();
    }

    /** Blocks until there is something to read (true) or {@link #wake()} was called, now or before (false). */
    public boolean await() {
        ByteBuffer polled = ByteBuffer.allocate(2 * POLLFD_LENGTH).order(ByteOrder.nativeOrder());
        polled.putInt(event.number()).putShort(POLLIN).putShort((short) 0);
        polled.putInt(socket.number()).putShort(POLLIN).putShort((short) 0);
        Libc.check("wait for", "socket", () -> Libc.functions().poll(polled.array(), 2, NO_TIMEOUT));
        return polled.getShort(REVENTS) == 0;
    }

    /** Ends the present and every later {@link #await()}. */
    public void wake() {
        event.raise();
    }

    @Override
    public void close() {
        event.close();
    }
}
