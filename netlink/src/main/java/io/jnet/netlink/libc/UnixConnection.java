package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.AF_UNIX;
import static io.jnet.netlink.libc.SocketConstants.MSG_CMSG_CLOEXEC;
import static io.jnet.netlink.libc.SocketConstants.MSG_DONTWAIT;
import static io.jnet.netlink.libc.SocketConstants.MSG_NOSIGNAL;
import static io.jnet.netlink.libc.SocketConstants.SOCK_STREAM;
import static io.jnet.netlink.libc.SocketConstants.SOL_SOCKET;
import static io.jnet.netlink.libc.SocketConstants.SO_PEERCRED;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * A connection over a Unix-domain stream socket: bytes, descriptors, and the kernel's word on who is at the other end. Of one thread at a time.
 */
public final class UnixConnection implements AutoCloseable {
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
            Libc.check("connect to", object, () -> Libc.functions().connect(socket.number(), address, address.length));
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
        socket.limitReceive(patience);
        socket.limitSend(patience);
    }

    /**
     * Waits for bytes, and takes the descriptors that come with them.
     *
     * @throws KernelException EAGAIN when the peer took too long; ETOOMANYREFS when it sent too many descriptors
     */
    public Received receive() {
        Pointer data = Memory.allocateDirect(Libc.runtime(), DATA_LENGTH);
        RightsMessage message = RightsMessage.of(data, DATA_LENGTH);
        int length = (int) Libc.checkLong("receive from", socket.toString(), () -> Libc.functions()
                .recvmsg(socket.number(), message.header(), MSG_CMSG_CLOEXEC));
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
        RightsMessage message = RightsMessage.of(room.memory(), Math.min(most, room.size()));
        long length = Libc.attempt(
                () -> Libc.functions().recvmsg(socket.number(), message.header(), MSG_CMSG_CLOEXEC | MSG_DONTWAIT));
        if (length == -Errno.EAGAIN.number()) {
            return Optional.empty();
        }
        if (length < 0) {
            throw new KernelException("receive from", socket.toString(), Errno.of((int) -length));
        }
        return Optional.of(received(message, room.memory(), (int) length));
    }

    private Received received(RightsMessage message, Pointer data, int length) {
        List<Descriptor> descriptors = message.received("descriptor from " + socket);
        if (message.isCutOff()) {
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
                    .send(socket.number(), rest, rest.length, MSG_NOSIGNAL));
        }
    }

    /**
     * Sends bytes, with descriptors beside the first one; they stay the sender's.
     *
     * @param descriptors at most 8
     */
    public void send(byte[] bytes, List<Descriptor> descriptors) {
        int sent = RightsMessage.send(socket, bytes, descriptors);
        send(Arrays.copyOfRange(bytes, sent, bytes.length));
    }

    KernelSocket kernelSocket() {
        return socket;
    }

    @Override
    public void close() {
        socket.close();
    }
}
