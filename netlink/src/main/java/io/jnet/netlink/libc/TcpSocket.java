package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.MSG_NOSIGNAL;
import static io.jnet.netlink.libc.SocketConstants.MSG_PEEK;
import static io.jnet.netlink.libc.SocketConstants.MSG_TRUNC;
import static io.jnet.netlink.libc.SocketConstants.SOCK_CLOEXEC;
import static io.jnet.netlink.libc.SocketConstants.SOCK_NONBLOCK;
import static io.jnet.netlink.libc.SocketConstants.SOCK_STREAM;
import static io.jnet.netlink.libc.SocketConstants.SOL_SOCKET;
import static io.jnet.netlink.libc.SocketConstants.SO_ERROR;
import static io.jnet.netlink.libc.SocketConstants.SO_KEEPALIVE;
import static io.jnet.netlink.libc.SocketConstants.SO_LINGER;
import static io.jnet.netlink.libc.SocketConstants.SO_REUSEADDR;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A TCP socket that never blocks. Calls must be ordered by the owner. What a stream answers every day, such as "nothing there yet", is a
 * result and no exception.
 */
public final class TcpSocket implements AutoCloseable {
    /** The result of an attempt that would have to wait. */
    public static final int WOULD_BLOCK = -1;

    private static final int SHUT_WR = 1;
    private static final int TCP_KEEPIDLE = 4;
    /** The kernel's own two hours would keep the places of peers that went without a word. */
    private static final int KEEP_ALIVE_SECONDS = 60;

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_SYNCNT = 7;
    /** {@code struct sockaddr_in6}. */
    private static final int MAX_ADDRESS = 28;

    private final KernelSocket socket;

    private TcpSocket(KernelSocket socket) {
        this.socket = socket;
    }

    /** A socket that is bound and was opened so as not to block. */
    public static TcpSocket of(KernelSocket bound) {
        return new TcpSocket(bound);
    }

    /**
     * A new socket.
     *
     * @param family {@code AF_INET} 2 or {@code AF_INET6} 10
     * @param object names it in errors
     */
    public static TcpSocket open(int family, String object) {
        return new TcpSocket(KernelSocket.open(family, SOCK_STREAM | SOCK_NONBLOCK, 0, object));
    }

    /**
     * Begins to listen. SO_REUSEADDR is switched on before: the kernel looks for clashes once more, where it would stumble over what
     * remains of old connections; and connections inherit it, so that what remains of them does not keep the next process from binding.
     * Beside a socket that listens nobody can bind even with it (net/ipv4/inet_connection_sock.c, inet_csk_listen_start and
     * inet_csk_bind_conflict).
     */
    public void listen(int backlog) {
        socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1);
        try {
            Libc.check("listen on", socket.toString(), () -> Libc.functions().listen(descriptor(), backlog));
        } catch (KernelException refusal) {
            socket.setOption(SOL_SOCKET, SO_REUSEADDR, 0);
            throw refusal;
        }
    }

    /**
     * A connection, when one has come. It is kept alive by probes, so that a peer that vanished is noticed.
     *
     * @throws KernelException when there is one that cannot be taken, as with EMFILE
     */
    public Optional<Accepted> accept() {
        byte[] peer = new byte[MAX_ADDRESS];
        int[] length = {MAX_ADDRESS};
        long result =
                Libc.attempt(() -> Libc.functions().accept4(descriptor(), peer, length, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (result == -Errno.EAGAIN.number() || result == -Errno.ECONNABORTED.number()) {
            return Optional.empty();
        }
        if (result < 0) {
            throw new KernelException("accept from", socket.toString(), Errno.of((int) -result));
        }
        TcpSocket accepted = new TcpSocket(KernelSocket.of((int) result, "connection to " + socket));
        accepted.prepare();
        return Optional.of(new Accepted(accepted, ByteBuffer.wrap(peer).asReadOnlyBuffer()));
    }

    /**
     * A connection and where it comes from.
     *
     * @param peer a {@code sockaddr}
     */
    public record Accepted(TcpSocket socket, ByteBuffer peer) {}

    /**
     * Begins to connect; when it is done the socket is writable, and {@link #error} tells how it went.
     *
     * @param address a {@code sockaddr}
     * @throws KernelException when the kernel refuses at once
     */
    public void connect(byte[] address) {
        prepare();
        // Three repetitions of a SYN are given up after some 15 seconds.
        socket.setOption(IPPROTO_TCP, TCP_SYNCNT, 3);
        long result = Libc.attempt(() -> Libc.functions().connect(descriptor(), address, address.length));
        if (result < 0 && result != -Errno.EINPROGRESS.number()) {
            throw new KernelException("connect", socket.toString(), Errno.of((int) -result));
        }
    }

    /** The error that has occurred since it was last asked for; empty when there is none. */
    public Optional<Errno> error() {
        int errno = ByteBuffer.wrap(socket.option(SOL_SOCKET, SO_ERROR, Integer.BYTES))
                .order(ByteOrder.nativeOrder())
                .getInt();
        return errno == 0 ? Optional.empty() : Optional.of(Errno.of(errno));
    }

    /**
     * Copies what has arrived and leaves it where it is: a receiver that cannot take it now costs no memory but the kernel's.
     *
     * @return how many bytes; 0 when the peer sends no more; {@link #WOULD_BLOCK}
     * @throws KernelException when the connection was broken
     */
    public int peek(NativeBuffer buffer) {
        return result("read from", Libc.attempt(() -> Libc.functions()
                .recv(descriptor(), buffer.memory(), buffer.size(), MSG_PEEK)));
    }

    /**
     * Takes what has arrived, at most so many bytes.
     *
     * @return how many bytes; 0 when the peer sends no more; {@link #WOULD_BLOCK}
     * @throws KernelException when the connection was broken
     */
    public int receive(NativeBuffer buffer, int length) {
        return result("read from", Libc.attempt(() -> Libc.functions().recv(descriptor(), buffer.memory(), length, 0)));
    }

    /** Drops what {@link #peek} has shown. */
    public void discard(NativeBuffer scratch, int length) {
        // On a stream MSG_TRUNC drops without copying (tcp(7)).
        result("read from", Libc.attempt(() -> Libc.functions()
                .recv(descriptor(), scratch.memory(), length, MSG_TRUNC)));
    }

    /**
     * Sends as much as there is room for.
     *
     * @return how many bytes; {@link #WOULD_BLOCK}
     * @throws KernelException when the connection was broken
     */
    public int send(NativeBuffer buffer, int length) {
        return result("write to", Libc.attempt(() -> Libc.functions()
                .send(descriptor(), buffer.memory(), length, MSG_NOSIGNAL)));
    }

    /** Tells the peer that no more will come. */
    public void shutdownOutput() {
        // ENOTCONN when the peer has reset meanwhile, which the next read tells.
        Libc.attempt(() -> Libc.functions().shutdown(descriptor(), SHUT_WR));
    }

    /** Closes so that the peer sees a reset instead of an orderly end. */
    public void abort() {
        // struct linger: on, after 0 seconds.
        byte[] linger = ByteBuffer.allocate(2 * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(1)
                .putInt(0)
                .array();
        socket.setOption(SOL_SOCKET, SO_LINGER, linger);
        socket.close();
    }

    @Override
    public void close() {
        socket.close();
    }

    /** The socket itself, to ask it for what is not of streams. */
    public KernelSocket kernelSocket() {
        return socket;
    }

    private void prepare() {
        socket.setOption(SOL_SOCKET, SO_KEEPALIVE, 1);
        socket.setOption(IPPROTO_TCP, TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
        socket.setOption(IPPROTO_TCP, TCP_NODELAY, 1);
    }

    private int descriptor() {
        return socket.number();
    }

    private int result(String operation, long result) {
        if (result == -Errno.EAGAIN.number()) {
            return WOULD_BLOCK;
        }
        if (result < 0) {
            throw new KernelException(operation, socket.toString(), Errno.of((int) -result));
        }
        return (int) result;
    }
}
