package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.MSG_TRUNC;
import static io.jnet.netlink.libc.SocketConstants.SOCK_CLOEXEC;
import static io.jnet.netlink.libc.SocketConstants.SOL_SOCKET;
import static io.jnet.netlink.libc.SocketConstants.SO_RCVTIMEO;
import static io.jnet.netlink.libc.SocketConstants.SO_SNDTIMEO;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * A socket of any family, with addresses and options as bytes. It belongs to the network namespace of the thread that opened it, and can
 * be used from any thread; calls and {@link #close()} must be ordered by the owner.
 */
public final class KernelSocket implements AutoCloseable {
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int HIGH = 8192;
    /** {@code struct sockaddr_storage}. */
    private static final int MAX_ADDRESS = 128;
    /** What netlink dumps are cut to (net/netlink/af_netlink.c, netlink_dump); what answers one question is shorter. */
    private static final int FIRST_BUFFER = 32 * 1024;

    /** What a new socket has room for. */
    private static volatile int longest = FIRST_BUFFER;

    private final Descriptor descriptor;
    private final String object;
    private Pointer buffer;
    private long bufferSize;

    private KernelSocket(Descriptor descriptor, String object) {
        this.descriptor = descriptor;
        this.object = object;
    }

    /**
     * Opens a socket (socket(2)), close-on-exec.
     *
     * @param object names the socket in errors
     */
    public static KernelSocket open(int domain, int type, int protocol, String object) {
        int opened =
                Libc.check("open socket", object, () -> Libc.functions().socket(domain, type | SOCK_CLOEXEC, protocol));
        return new KernelSocket(new Descriptor(opened, object), object);
    }

    /**
     * Takes over a descriptor that this process was started with; no child process inherits it any more.
     *
     * @param object names the socket in errors
     * @throws KernelException EBADF when there is no such descriptor
     */
    public static KernelSocket inherited(int descriptor, String object) {
        Libc.check("take over", object, () -> Libc.functions().fcntl(descriptor, F_SETFD, FD_CLOEXEC));
        return of(descriptor, object);
    }

    /**
     * The same, under a number that others do not need: libnftables waits for its socket by select(2), which ends the process at a number of 1024 or
     * more (FD_SETSIZE), and a new socket gets the lowest that is free.
     *
     * @param object names the socket in errors
     * @throws KernelException EBADF when there is no such descriptor
     */
    public static KernelSocket inheritedHigh(int descriptor, String object) {
        KernelSocket inherited = inherited(descriptor, object);
        long high = Libc.attempt(() -> Libc.functions().fcntl(descriptor, F_DUPFD_CLOEXEC, HIGH));
        if (high < 0) {
            // A process that may have few has few.
            return inherited;
        }
        inherited.close();
        return of((int) high, object);
    }

    /** Takes over an open descriptor. */
    static KernelSocket of(int descriptor, String object) {
        return of(new Descriptor(descriptor, object), object);
    }

    /**
     * Takes over a socket.
     *
     * @param object names the socket in errors
     */
    public static KernelSocket of(Descriptor socket, String object) {
        return new KernelSocket(socket, object);
    }

    /** The family and the protocol that it was opened with (SO_DOMAIN, SO_PROTOCOL). */
    public boolean isOf(int domain, int protocol) {
        return integerOption(SocketConstants.SO_DOMAIN) == domain
                && integerOption(SocketConstants.SO_PROTOCOL) == protocol;
    }

    /** Binds to a {@code sockaddr} (bind(2)). */
    public void bind(byte[] address) {
        Libc.check("bind", object, () -> Libc.functions().bind(descriptor.number(), address, address.length));
    }

    /** The bound {@code sockaddr} (getsockname(2)). */
    public byte[] localAddress() {
        byte[] address = new byte[MAX_ADDRESS];
        int[] length = {MAX_ADDRESS};
        Libc.check("read address of", object, () -> Libc.functions().getsockname(descriptor.number(), address, length));
        return Arrays.copyOf(address, Math.min(length[0], MAX_ADDRESS));
    }

    /** Sets an option whose value is an {@code int} (setsockopt(2)). */
    public void setOption(int level, int name, int value) {
        setOption(level, name, integer(value));
    }

    /** Sets an option (setsockopt(2)). */
    public void setOption(int level, int name, byte[] value) {
        Libc.check("set option " + level + "/" + name + " of", object, () -> Libc.functions()
                .setsockopt(descriptor.number(), level, name, value, value.length));
    }

    /** Bounds every receive (SO_RCVTIMEO): then it fails with EAGAIN. Less than a microsecond is for ever. */
    public void limitReceive(Duration longest) {
        setOption(SOL_SOCKET, SO_RCVTIMEO, time(longest));
    }

    /** Bounds every send, and the wait for a listener that has no room (SO_SNDTIMEO), in the same way. */
    void limitSend(Duration longest) {
        setOption(SOL_SOCKET, SO_SNDTIMEO, time(longest));
    }

    /** Reads an option of at most {@code size} bytes (getsockopt(2)). */
    public byte[] option(int level, int name, int size) {
        byte[] value = new byte[size];
        int[] length = {size};
        Libc.check("read option " + level + "/" + name + " of", object, () -> Libc.functions()
                .getsockopt(descriptor.number(), level, name, value, length));
        return Arrays.copyOf(value, Math.min(length[0], size));
    }

    private int integerOption(int name) {
        return ByteBuffer.wrap(option(SOL_SOCKET, name, Integer.BYTES))
                .order(ByteOrder.nativeOrder())
                .getInt();
    }

    /** Sends one datagram to the default destination: for netlink the kernel. */
    public void send(byte[] data) {
        Libc.checkLong("send to", object, () -> Libc.functions().send(descriptor.number(), data, data.length, 0));
    }

    /**
     * Receives one datagram, blocking as long as the socket's options say. Of one that is longer than 32 KiB, and than all before it, the end is lost
     * ({@link Datagram#isCut()}); the next one of that length is whole, on any new socket too. To ask for the length first would take a second call for each
     * of them.
     */
    public Datagram receive() {
        if (buffer == null) {
            allocate(longest);
        }
        byte[] sender = new byte[MAX_ADDRESS];
        int[] senderLength = {sender.length};
        // With MSG_TRUNC the kernel answers the datagram's real length.
        long size = Libc.checkLong("receive from", object, () -> Libc.functions()
                .recvfrom(descriptor.number(), buffer, bufferSize, MSG_TRUNC, sender, senderLength));
        byte[] data = new byte[(int) Math.min(size, bufferSize)];
        buffer.get(0, data, 0, data.length);
        boolean cut = size > bufferSize;
        if (cut) {
            allocate((int) size);
            longest = Math.max(longest, (int) size);
        }
        return new Datagram(data, sender, cut);
    }

    private void allocate(int size) {
        bufferSize = size;
        buffer = Memory.allocateDirect(Libc.runtime(), size);
    }

    /** What is passed to other processes. */
    Descriptor descriptor() {
        return descriptor;
    }

    /** The number of the descriptor: the kernel gives the lowest one that is free, so it tells how many there are about. */
    public int number() {
        return descriptor.number();
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return object;
    }

    /** {@code struct timeval { time_t tv_sec; suseconds_t tv_usec; }}, both of 64 bits. */
    private static byte[] time(Duration duration) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(duration.toSeconds())
                .putLong(duration.toNanosPart() / 1000)
                .array();
    }

    private static byte[] integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }
}
