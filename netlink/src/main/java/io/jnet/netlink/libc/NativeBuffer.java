package io.jnet.netlink.libc;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/** Memory of the C library, to pass bytes from one socket to another without their ever being in Java's heap, or to look
 * at them. Of one thread at a time. */
public final class NativeBuffer {
    private final Pointer memory;
    private final int size;

    private NativeBuffer(Pointer memory, int size) {
        this.memory = memory;
        this.size = size;
    }

    /** Allocates; the memory is freed when this object is collected. */
    public static NativeBuffer allocate(int size) {
        return new NativeBuffer(Memory.allocateDirect(Libc.runtime(), size), size);
    }

    /** How many bytes fit. */
    public int size() {
        return size;
    }

    /** Copies the first bytes out. */
    public void get(byte[] into, int offset, int length) {
        memory.get(0, into, offset, length);
    }

    /** Copies bytes to the beginning. */
    public void put(byte[] from, int offset, int length) {
        memory.put(0, from, offset, length);
    }

    Pointer memory() {
        return memory;
    }
}
