package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.AF_UNIX;
import static io.jnet.netlink.libc.SocketConstants.SOCK_CLOEXEC;
import static io.jnet.netlink.libc.SocketConstants.SOCK_NONBLOCK;
import static io.jnet.netlink.libc.SocketConstants.SOCK_STREAM;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Unix-domain stream socket that listens (unix(7)), for protocols that pass descriptors, which Java's own sockets do not. One thread
 * accepts; {@link #stop} may come from any.
 */
public final class UnixListener implements AutoCloseable {
    /** {@code sun_path} with its terminating zero. */
    private static final int MAX_PATH = 108;

    private final KernelSocket socket;
    private final SocketWaiter waiter;

    private UnixListener(KernelSocket socket) {
        this.socket = socket;
        this.waiter = new SocketWaiter(socket);
    }

    /**
     * Binds to a path that does not exist yet, and listens. The file's mode is what the umask leaves.
     *
     * @param backlog connections that wait to be accepted; cut by net.core.somaxconn
     * @throws KernelException EADDRINUSE when the path exists
     */
    public static UnixListener bind(Path path, int backlog) {
        return bind("unix socket " + path, address(path), backlog);
    }

    /**
     * Binds to an abstract name, and listens: the name is of the calling thread's network namespace, no file, and goes with the socket.
     *
     * @param name at most 107 bytes
     * @throws KernelException EADDRINUSE when a socket has the name
     */
    public static UnixListener bindAbstract(String name, int backlog) {
        return bind("unix socket @" + name, abstractAddress(name), backlog);
    }

    /** Listens on a socket that another process has bound; the descriptor is this listener's from now on. */
    public static UnixListener of(PassedSocket passed) {
        return new UnixListener(passed.release());
    }

    private static UnixListener bind(String object, byte[] address, int backlog) {
        // Not blocking: a connection that was there when poll(2) answered may be gone when it is accepted.
        KernelSocket socket = KernelSocket.open(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, object);
        try {
            socket.bind(address);
            Libc.check("listen on", object, () -> Libc.functions().listen(socket.number(), backlog));
            return new UnixListener(socket);
        } catch (RuntimeException refusal) {
            socket.close();
            throw refusal;
        }
    }

    /**
     * Waits for the next connection; empty once {@link #stop} was called.
     *
     * @throws KernelException when there is one that cannot be taken, as with EMFILE
     */
    public Optional<UnixConnection> accept() {
        while (waiter.await()) {
            Optional<UnixConnection> connection = acceptNow();
            if (connection.isPresent()) {
                return connection;
            }
        }
        return Optional.empty();
    }

    /**
     * Takes the next connection, without waiting; empty when none is there.
     *
     * @throws KernelException when there is one that cannot be taken, as with EMFILE
     */
    public Optional<UnixConnection> acceptNow() {
        while (true) {
            byte[] peer = new byte[2 + MAX_PATH];
            int[] length = {peer.length};
            long result = Libc.attempt(() -> Libc.functions().accept4(socket.number(), peer, length, SOCK_CLOEXEC));
            if (result >= 0) {
                return Optional.of(new UnixConnection(KernelSocket.of((int) result, "connection to " + socket)));
            }
            if (result == -Errno.EAGAIN.number()) {
                return Optional.empty();
            }
            // Who has gone again is passed over.
            if (result != -Errno.ECONNABORTED.number()) {
                throw new KernelException("accept from", socket.toString(), Errno.of((int) -result));
            }
        }
    }

    /** Ends the present and every later {@link #accept}. */
    public void stop() {
        waiter.wake();
    }

    KernelSocket kernelSocket() {
        return socket;
    }

    /** Closes the socket, after the thread that accepts has ended; the file stays. */
    @Override
    public void close() {
        waiter.close();
        socket.close();
    }

    static byte[] address(Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= MAX_PATH) {
            throw new IllegalArgumentException("socket path " + path + " is too long");
        }
        // struct sockaddr_un { sa_family_t sun_family; char sun_path[108]; }
        return ByteBuffer.allocate(2 + name.length + 1)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(name)
                .array();
    }

    /** A zero before the name, none after it: an abstract name is as long as the address says. */
    static byte[] abstractAddress(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= MAX_PATH) {
            throw new IllegalArgumentException("socket name " + name + " is too long");
        }
        return ByteBuffer.allocate(2 + 1 + bytes.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put((byte) 0)
                .put(bytes)
                .array();
    }
}
