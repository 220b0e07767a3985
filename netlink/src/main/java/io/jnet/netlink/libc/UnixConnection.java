package io.jnet.netlink.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * A connection over a Unix-domain stream socket: bytes, descriptors, and the kernel's word on who is at the other end. Of one thread at a time.
 *
 * <pre>
 * struct msghdr { void *msg_name; socklen_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
 *                 void *msg_control; size_t msg_controllen; int msg_flags; };          64-bit: 56 bytes
 * struct iovec { void *iov_base; size_t iov_len; };
 * struct cmsghdr { size_t cmsg_len; int cmsg_level; int cmsg_type; };  followed by the data, padded to 8 bytes
 * </pre>
 */
public final class UnixConnection implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 0x08;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private static final int HEADER_LENGTH = 56;
    private static final int FLAGS = 48;
    private static final int VECTOR = HEADER_LENGTH;
    private static final int CONTROL = VECTOR + 16;
    private static final int CONTROL_HEADER = 16;
    /** Of SCM_MAX_FD (253): more than these are refused, so that nobody fills the table of descriptors. */
    private static final int MOST_DESCRIPTORS = 8;

    private static final int CONTROL_LENGTH = CONTROL_HEADER + MOST_DESCRIPTORS * Integer.BYTES;
    private static final int DATA_LENGTH = 64 * 1024;

    private final KernelSocket socket;

    UnixConnection(KernelSocket socket) {
        this.socket = socket;
    }

    /**
     * Connects to a socket that listens.
     *
     * @throws KernelException ENOENT when there is no such path, ECONNREFUSED when nobody listens there
     */
    public static UnixConnection connect(Path path) {
        return connect("unix socket " + path, UnixListener.address(path), Optional.empty());
    }

    /**
     * Connects to a socket that listens at an abstract name of the calling thread's network namespace.
     *
     * @param patience how long to wait where more connections wait already than the listener lets; then for the peer, see {@link #setPatience}
     * @throws KernelException ECONNREFUSED when nobody listens there, EAGAIN when it took too long
     */
    public static UnixConnection connectAbstract(String name, Duration patience) {
        return connect("unix socket @" + name, UnixListener.abstractAddress(name), Optional.of(patience));
    }

    private static UnixConnection connect(String object, byte[] address, Optional<Duration> patience) {
        KernelSocket socket = KernelSocket.open(AF_UNIX, SOCK_STREAM, 0, object);
        try {
            UnixConnection connection = new UnixConnection(socket);
            // unix_stream_connect() waits for SO_SNDTIMEO while the listener's queue is full.
            patience.ifPresent(connection::setPatience);
            Libc.check("connect to", object, () -> Libc.functions()
                    .connect(socket.descriptorNumber(), address, address.length));
            return connection;
        } catch (RuntimeException refusal) {
            socket.close();
            throw refusal;
        }
    }

    /**
     * Who connected, as of then (SO_PEERCRED): the user as this process's user namespace sees it.
     *
     * @param processId of the peer; 0 when it is in a process namespace that is not visible from here
     */
    public record Credentials(int processId, int userId, int groupId) {}

    /**
     * What has arrived.
     *
     * @param data empty when the peer sends no more
     * @param descriptors the receiver's to close
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Received(byte[] data, List<Descriptor> descriptors) {}

    /** Who is at the other end. */
    public Credentials peer() {
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        ByteBuffer credentials = ByteBuffer.wrap(socket.option(SOL_SOCKET, SO_PEERCRED, 3 * Integer.BYTES))
                .order(ByteOrder.nativeOrder());
        return new Credentials(credentials.getInt(), credentials.getInt(), credentials.getInt());
    }

    /** How long {@link #receive} and {@link #send} wait for the peer: then they fail with EAGAIN. Less than a microsecond is for ever. */
    public void setPatience(Duration patience) {
        // struct timeval { time_t tv_sec; suseconds_t tv_usec; }, both 64 bits
        byte[] time = ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(patience.toSeconds())
                .putLong(patience.toNanosPart() / 1000)
                .array();
        socket.setOption(SOL_SOCKET, SO_RCVTIMEO, time);
        socket.setOption(SOL_SOCKET, SO_SNDTIMEO, time);
    }

    /**
     * Waits for bytes, and takes the descriptors that come with them.
     *
     * @throws KernelException EAGAIN when the peer took too long; ETOOMANYREFS when it sent too many descriptors
     */
    public Received receive() {
        Pointer message = Memory.allocateDirect(Libc.runtime(), CONTROL + CONTROL_LENGTH, true);
        Pointer data = Memory.allocateDirect(Libc.runtime(), DATA_LENGTH);
        describe(message, data, DATA_LENGTH);
        int length = (int) Libc.checkLong("receive from", socket.toString(), () -> Libc.functions()
                .recvmsg(socket.descriptorNumber(), message, MSG_CMSG_CLOEXEC));
        return received(message, data, length);
    }

    /**
     * Takes what is there, without waiting; empty when nothing is.
     *
     * @param room takes the bytes on their way; no more of them are taken than fit there
     * @param most how many bytes are taken, at least 1
     * @throws KernelException ETOOMANYREFS when the peer sent too many descriptors
     */
    public Optional<Received> receiveNow(NativeBuffer room, int most) {
        Pointer message = Memory.allocateDirect(Libc.runtime(), CONTROL + CONTROL_LENGTH, true);
        describe(message, room.memory(), Math.min(most, room.size()));
        long length = Libc.attempt(
                () -> Libc.functions().recvmsg(socket.descriptorNumber(), message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT));
        if (length == -Errno.EAGAIN.number()) {
            return Optional.empty();
        }
        if (length < 0) {
            throw new KernelException("receive from", socket.toString(), Errno.of((int) -length));
        }
        return Optional.of(received(message, room.memory(), (int) length));
    }

    private Received received(Pointer message, Pointer data, int length) {
        List<Descriptor> descriptors = descriptors(message);
        if ((message.getInt(FLAGS) & MSG_CTRUNC) != 0) {
            descriptors.forEach(Descriptor::close);
            throw new KernelException("receive from", socket.toString(), Errno.ETOOMANYREFS);
        }
        byte[] bytes = new byte[length];
        data.get(0, bytes, 0, length);
        return new Received(bytes, descriptors);
    }

    /** Sends all of it. */
    public void send(byte[] bytes) {
        int sent = 0;
        while (sent < bytes.length) {
            byte[] rest = sent == 0 ? bytes : Arrays.copyOfRange(bytes, sent, bytes.length);
            sent += (int) Libc.checkLong("write to", socket.toString(), () -> Libc.functions()
                    .send(socket.descriptorNumber(), rest, rest.length, MSG_NOSIGNAL));
        }
    }

    /**
     * Sends bytes, with descriptors beside the first one; they stay the sender's.
     *
     * @param descriptors at most 8
     */
    public void send(byte[] bytes, List<Descriptor> descriptors) {
        if (descriptors.size() > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(descriptors.size() + " descriptors are too many");
        }
        Pointer message = Memory.allocateDirect(Libc.runtime(), CONTROL + CONTROL_LENGTH, true);
        Pointer data = Memory.allocateDirect(Libc.runtime(), bytes.length);
        data.put(0, bytes, 0, bytes.length);
        describe(message, data, bytes.length);
        int length = CONTROL_HEADER + descriptors.size() * Integer.BYTES;
        message.putLong(40, (length + Long.BYTES - 1L) / Long.BYTES * Long.BYTES);
        message.putLong(CONTROL, length);
        message.putInt(CONTROL + 8, SOL_SOCKET);
        message.putInt(CONTROL + 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            message.putInt(
                    CONTROL + CONTROL_HEADER + (long) i * Integer.BYTES,
                    descriptors.get(i).number());
        }
        int sent = (int) Libc.checkLong("write to", socket.toString(), () -> Libc.functions()
                .sendmsg(socket.descriptorNumber(), message, MSG_NOSIGNAL));
        send(Arrays.copyOfRange(bytes, sent, bytes.length));
    }

    KernelSocket kernelSocket() {
        return socket;
    }

    @Override
    public void close() {
        socket.close();
    }

    private static void describe(Pointer message, Pointer data, int length) {
        message.putLong(16, message.address() + VECTOR);
        message.putLong(24, 1);
        message.putLong(32, message.address() + CONTROL);
        message.putLong(40, CONTROL_LENGTH);
        message.putLong(VECTOR, data.address());
        message.putLong(VECTOR + 8, length);
    }

    private List<Descriptor> descriptors(Pointer message) {
        List<Descriptor> descriptors = new ArrayList<>();
        long controlLength = message.getLong(40);
        if (controlLength >= CONTROL_HEADER
                && message.getInt(CONTROL + 8) == SOL_SOCKET
                && message.getInt(CONTROL + 12) == SCM_RIGHTS) {
            long end = Math.min(message.getLong(CONTROL), controlLength);
            for (long offset = CONTROL_HEADER; offset + Integer.BYTES <= end; offset += Integer.BYTES) {
                descriptors.add(new Descriptor(message.getInt(CONTROL + offset), "descriptor from " + socket));
            }
        }
        return descriptors;
    }
}
