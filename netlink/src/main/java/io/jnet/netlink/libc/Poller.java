package io.jnet.netlink.libc;

import java.util.Set;
import java.util.function.LongConsumer;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Waits for many sockets at once (epoll(7), level-triggered), at a cost that does not grow with their number. Sockets are added and
 * removed from any thread; one thread waits. A closed socket is no longer waited for, unless another process has it too.
 */
public final class Poller implements AutoCloseable {
    private static final Set<String> PACKED = Set.of("amd64", "x86_64");
    private static final boolean IS_PACKED = PACKED.contains(System.getProperty("os.arch"));
    /** {@code struct epoll_event { uint32_t events; uint64_t data; }}, packed on x86-64 only (sys/epoll.h, __EPOLL_PACKED). */
    private static final int DATA = IS_PACKED ? 4 : 8;

    private static final int EVENT_LENGTH = DATA + Long.BYTES;
    private static final int CAPACITY = 256;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int EPOLLIN = 1;
    private static final int EPOLLOUT = 4;
    private static final long WAKE = -1;

    private final Descriptor epoll;
    private final EventDescriptor event;
    private final Pointer events = Memory.allocateDirect(Libc.runtime(), CAPACITY * EVENT_LENGTH);

    private Poller(Descriptor epoll, EventDescriptor event) {
        this.epoll = epoll;
        this.event = event;
    }

    /** What a socket is waited for; its failure is always told. */
    public enum Interest {
        READ(EPOLLIN),
        WRITE(EPOLLOUT),
        BOTH(EPOLLIN | EPOLLOUT);

        private final int events;

        Interest(int events) {
            this.events = events;
        }
    }

    /**
     * Makes a poller.
     *
     * @throws KernelException EMFILE when the process has too many open files
     */
    public static Poller open() {
        Descriptor epoll = new Descriptor(
                Libc.check("create", "epoll", () -> Libc.functions().epoll_create1(EPOLL_CLOEXEC)), "epoll");
        try {
            EventDescriptor event = EventDescriptor.open();
            Poller poller = new Poller(epoll, event);
            poller.control(EPOLL_CTL_ADD, event.number(), EPOLLIN, WAKE);
            return poller;
        } catch (KernelException refusal) {
            epoll.close();
            throw refusal;
        }
    }

    /**
     * Waits for a socket from now on.
     *
     * @param key what {@link #await} tells, 0 or more
     */
    public void add(TcpSocket socket, Interest interest, long key) {
        control(EPOLL_CTL_ADD, socket.kernelSocket().number(), interest.events, key);
    }

    /** As for streams, to read. */
    public void add(UdpSocket socket, long key) {
        control(EPOLL_CTL_ADD, socket.kernelSocket().number(), EPOLLIN, key);
    }

    /** As for streams, to read. */
    public void add(UnixConnection connection, long key) {
        control(EPOLL_CTL_ADD, connection.kernelSocket().number(), EPOLLIN, key);
    }

    /** As for streams, for somebody who connects. */
    public void add(UnixListener listener, long key) {
        control(EPOLL_CTL_ADD, listener.kernelSocket().number(), EPOLLIN, key);
    }

    /** As for streams, to read. */
    public void add(KernelSocket socket, long key) {
        control(EPOLL_CTL_ADD, socket.number(), EPOLLIN, key);
    }

    /** As for streams, to be rung. */
    public void add(Bell bell, long key) {
        control(EPOLL_CTL_ADD, bell.number(), EPOLLIN, key);
    }

    /** Waits for something else of the socket. */
    public void change(TcpSocket socket, Interest interest, long key) {
        control(EPOLL_CTL_MOD, socket.kernelSocket().number(), interest.events, key);
    }

    /** Waits for the socket no more. */
    public void remove(TcpSocket socket) {
        control(EPOLL_CTL_DEL, socket.kernelSocket().number(), 0, 0);
    }

    /** Waits for the socket no more. */
    public void remove(UdpSocket socket) {
        control(EPOLL_CTL_DEL, socket.kernelSocket().number(), 0, 0);
    }

    /** Waits until a socket is ready, {@link #wake} is called or the time is up, and tells the keys of those that are ready. */
    public void await(int milliseconds, LongConsumer ready) {
        int count = Libc.check("wait for", "sockets", () -> Libc.functions()
                .epoll_wait(epoll.number(), events, CAPACITY, milliseconds));
        for (int i = 0; i < count; i++) {
            long key = events.getLong((long) i * EVENT_LENGTH + DATA);
            if (key != WAKE) {
                ready.accept(key);
            }
        }
    }

    /** Waits for the socket no more. */
    public void remove(KernelSocket socket) {
        control(EPOLL_CTL_DEL, socket.number(), 0, 0);
    }

    /** Waits for the connection no more. */
    public void remove(UnixConnection connection) {
        control(EPOLL_CTL_DEL, connection.kernelSocket().number(), 0, 0);
    }

    /** Ends the present and every later wait at once. */
    public void wake() {
        event.raise();
    }

    @Override
    public void close() {
        epoll.close();
        event.close();
    }

    private void control(int operation, int descriptor, int interest, long key) {
        Pointer described = Memory.allocateDirect(Libc.runtime(), EVENT_LENGTH);
        described.putInt(0, interest);
        described.putLong(DATA, key);
        Libc.check("wait for", "a socket", () -> Libc.functions()
                .epoll_ctl(epoll.number(), operation, descriptor, described));
    }
}
