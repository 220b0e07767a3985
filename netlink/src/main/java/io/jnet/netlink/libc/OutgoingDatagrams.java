package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.MSG_DONTWAIT;
import static io.jnet.netlink.libc.SocketConstants.MSG_NOSIGNAL;

import java.nio.ByteBuffer;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Collects datagrams and sends them by one system call (sendmmsg(2)). It can serve any number of sockets, one after the other. Of one thread at
 * a time.
 */
public final class OutgoingDatagrams {
    private final DatagramHeaders headers;
    private final Pointer data;
    private final int size;
    private int count;
    private int used;

    private OutgoingDatagrams(int capacity, int size) {
        this.headers = new DatagramHeaders(capacity);
        this.size = size;
        this.data = Memory.allocateDirect(Libc.runtime(), size);
    }

    /**
     * Makes room.
     *
     * @param capacity for how many datagrams
     * @param size for how many bytes in all
     */
    public static OutgoingDatagrams allocate(int capacity, int size) {
        return new OutgoingDatagrams(capacity, size);
    }

    /** Whether there is room for one more of this many bytes. */
    public boolean hasRoomFor(int length) {
        return count < headers.capacity() && length <= size - used;
    }

    /**
     * Adds one.
     *
     * @param receiver a {@code sockaddr}
     * @throws IllegalStateException when there is no room
     */
    public void add(byte[] receiver, ByteBuffer message) {
        int length = message.remaining();
        if (!hasRoomFor(length)) {
            throw new IllegalStateException("no room for " + length + " bytes more");
        }
        if (message.hasArray()) {
            data.put(used, message.array(), message.arrayOffset() + message.position(), length);
        } else {
            byte[] copy = new byte[length];
            message.duplicate().get(copy);
            data.put(used, copy, 0, length);
        }
        headers.data(count, data.address() + used, length);
        headers.name(count, receiver);
        used += length;
        count++;
    }

    /** Sends all of them, and forgets them. What the kernel does not take is lost, as datagrams are. */
    public void send(KernelSocket socket) {
        int next = 0;
        while (next < count) {
            int first = next;
            long sent = Libc.attempt(() -> Libc.functions()
                    .sendmmsg(socket.number(), headers.from(first), count - first, MSG_DONTWAIT | MSG_NOSIGNAL));
            // An error is told only when the first one meets it: that one is left out.
            next += (int) Math.max(sent, 1);
        }
        forget();
    }

    /** Forgets them. */
    public void forget() {
        count = 0;
        used = 0;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return count == 0;
    }
}
