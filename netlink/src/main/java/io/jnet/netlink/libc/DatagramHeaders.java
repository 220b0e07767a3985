package io.jnet.netlink.libc;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * The memory for several datagrams of one system call: headers, each with the place of its address and of its data.
 *
 * <pre>
 * struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };                      64-bit: 64 bytes
 * struct msghdr { void *msg_name; socklen_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
 *                 void *msg_control; size_t msg_controllen; int msg_flags; };           56 bytes
 * struct iovec { void *iov_base; size_t iov_len; };                                     16 bytes
 * </pre>
 */
final class DatagramHeaders {
    private static final int HEADER = 64;
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTORS = 24;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;
    private static final int VECTOR_LENGTH = 16;
    private static final int BASE_LENGTH = 8;
    /** {@code struct sockaddr_in6}, rounded up. */
    private static final int NAME = 32;

    private static final int MAX_NAME = 28;

    private final int capacity;
    private final Pointer memory;
    private final long vectors;
    private final long names;

    DatagramHeaders(int capacity) {
        this.capacity = capacity;
        this.vectors = (long) capacity * HEADER;
        this.names = vectors + (long) capacity * VECTOR_LENGTH;
        this.memory = Memory.allocateDirect(Libc.runtime(), (int) names + capacity * NAME, true);
        for (int i = 0; i < capacity; i++) {
            memory.putLong((long) i * HEADER, memory.address() + names + (long) i * NAME);
            memory.putLong((long) i * HEADER + VECTOR, memory.address() + vectors + (long) i * VECTOR_LENGTH);
            memory.putLong((long) i * HEADER + VECTORS, 1);
        }
    }

    int capacity() {
        return capacity;
    }

    /** The header that a call begins with. */
    Pointer from(int index) {
        return index == 0 ? memory : memory.slice((long) index * HEADER);
    }

    /** Where a datagram's data is, or may go. */
    void data(int index, long address, int length) {
        memory.putLong(vectors + (long) index * VECTOR_LENGTH, address);
        memory.putLong(vectors + (long) index * VECTOR_LENGTH + BASE_LENGTH, length);
    }

    /** Makes room for an address. */
    void awaitName(int index) {
        memory.putInt((long) index * HEADER + NAME_LENGTH, MAX_NAME);
    }

    /** A {@code sockaddr} to send to. */
    void name(int index, byte[] address) {
        memory.put(names + (long) index * NAME, address, 0, address.length);
        memory.putInt((long) index * HEADER + NAME_LENGTH, address.length);
    }

    /** The {@code sockaddr} that the kernel wrote. */
    byte[] name(int index) {
        byte[] name = new byte[Math.min(memory.getInt((long) index * HEADER + NAME_LENGTH), MAX_NAME)];
        memory.get(names + (long) index * NAME, name, 0, name.length);
        return name;
    }

    int flags(int index) {
        return memory.getInt((long) index * HEADER + FLAGS);
    }

    /** How many bytes were received. */
    int length(int index) {
        return memory.getInt((long) index * HEADER + LENGTH);
    }
}
