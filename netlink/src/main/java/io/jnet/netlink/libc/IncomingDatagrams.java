package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.MSG_DONTWAIT;
import static io.jnet.netlink.libc.SocketConstants.MSG_TRUNC;

import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Takes many datagrams from a UDP socket by one system call (recvmmsg(2)). It can serve any number of sockets, one after the other: what it
 * holds is what the last call has brought. Of one thread at a time.
 */
public final class IncomingDatagrams {
    private final DatagramHeaders headers;
    private final int size;
    private final Pointer data;

    private IncomingDatagrams(int capacity, int size) {
        this.headers = new DatagramHeaders(capacity);
        this.size = size;
        this.data = Memory.allocateDirect(Libc.runtime(), capacity * size);
        for (int i = 0; i < capacity; i++) {
            headers.data(i, data.address() + (long) i * size, size);
        }
    }

    /**
     * Makes room.
     *
     * @param capacity for how many datagrams
     * @param size for how many bytes of each
     */
    public static IncomingDatagrams allocate(int capacity, int size) {
        return new IncomingDatagrams(capacity, size);
    }

    /** How many one call can bring. */
    public int capacity() {
        return headers.capacity();
    }

    /** Takes what is there, without waiting; how many there are now, 0 when there was nothing. */
    public int receive(KernelSocket socket) {
        for (int i = 0; i < headers.capacity(); i++) {
            headers.awaitName(i);
        }
        long received = Libc.attempt(() ->
                Libc.functions().recvmmsg(socket.number(), headers.from(0), headers.capacity(), MSG_DONTWAIT, null));
        return (int) Math.max(received, 0);
    }

    /** A copy of a datagram's bytes; empty when it had more than there is room for. */
    public Optional<byte[]> data(int index) {
        if ((headers.flags(index) & MSG_TRUNC) != 0) {
            return Optional.empty();
        }
        byte[] copy = new byte[headers.length(index)];
        data.get((long) index * size, copy, 0, copy.length);
        return Optional.of(copy);
    }

    /** Where a datagram came from: a {@code sockaddr}. */
    public byte[] sender(int index) {
        return headers.name(index);
    }
}
