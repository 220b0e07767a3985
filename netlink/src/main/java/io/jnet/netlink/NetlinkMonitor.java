package io.jnet.netlink;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.SocketWaiter;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Events of multicast groups. One thread calls {@link #receive()} in a loop; any thread ends that with {@link #close()}.
 *
 * <p>A monitor hears the network namespace of the thread that opened it.
 */
public final class NetlinkMonitor implements AutoCloseable {
    private final Object receiving = new Object();
    private final BoundSocket socket;
    private final SocketWaiter waiter;
    private final AtomicBoolean closing = new AtomicBoolean();
    private boolean closed;

    private NetlinkMonitor(BoundSocket socket, SocketWaiter waiter) {
        this.socket = socket;
        this.waiter = waiter;
    }

    /**
     * Joins groups.
     *
     * @param groups numbers, not masks: {@code RTNLGRP_...} or {@code NFNLGRP_...}; see {@link NetlinkGroup}
     * @throws KernelException when the kernel refuses one
     */
    public static NetlinkMonitor open(NetlinkProtocol protocol, List<Integer> groups) {
        BoundSocket socket = BoundSocket.open(protocol);
        try {
            groups.forEach(socket::join);
            return new NetlinkMonitor(socket, new SocketWaiter(socket.kernelSocket()));
        } catch (RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /**
     * Blocks for the next datagram.
     *
     * @return its messages, at least one; empty only when the monitor was closed
     * @throws EventsLostException when the buffer overflowed; the next call goes on
     */
    public List<NetlinkMessage> receive() {
        synchronized (receiving) {
            while (!closing.get() && waiter.await()) {
                List<NetlinkMessage> messages = read();
                if (!messages.isEmpty()) {
                    return messages;
                }
            }
            return List.of();
        }
    }

    /** Ends {@link #receive()} and leaves the groups. */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            waiter.wake();
        }
        synchronized (receiving) {
            if (!closed) {
                closed = true;
                waiter.close();
                socket.close();
            }
        }
    }

    private List<NetlinkMessage> read() {
        try {
            return socket.receive();
        } catch (KernelException failure) {
            if (failure.errno().equals(Errno.ENOBUFS)) {
                throw new EventsLostException(socket.toString());
            }
            throw failure;
        }
    }
}
