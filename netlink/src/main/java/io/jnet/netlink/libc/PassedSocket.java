package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.AF_UNIX;
import static io.jnet.netlink.libc.SocketConstants.SOCK_STREAM;
import static io.jnet.netlink.libc.SocketConstants.SOL_SOCKET;
import static io.jnet.netlink.libc.SocketConstants.SO_ACCEPTCONN;
import static io.jnet.netlink.libc.SocketConstants.SO_DOMAIN;
import static io.jnet.netlink.libc.SocketConstants.SO_TYPE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A Unix-domain stream socket that another process has bound and listens on, and that this one has inherited: sd_listen_fds(3). Whoever
 * connects waits in its queue, whatever processes come and go. Used by one thread.
 */
public final class PassedSocket implements AutoCloseable {
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NONBLOCK = 0x800;
    private static final int F_SETFL = 4;
    /** {@code sun_path} begins after {@code sun_family}. */
    private static final int PATH_OFFSET = 2;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final KernelSocket socket;
    private final Path path;

    private PassedSocket(KernelSocket socket, Path path) {
        this.socket = socket;
        this.path = path;
    }

    /**
     * Takes over an inherited descriptor; no child process inherits it any more.
     *
     * @param descriptor its number
     * @throws IllegalArgumentException when it is no Unix-domain stream socket that listens at a path
     * @throws KernelException when there is no such descriptor, or it is no socket
     */
    public static PassedSocket of(int descriptor) {
        String object = "passed descriptor " + descriptor;
        KernelSocket socket = KernelSocket.inherited(descriptor, object);
        if (option(socket, SO_DOMAIN) != AF_UNIX
                || option(socket, SO_TYPE) != SOCK_STREAM
                || option(socket, SO_ACCEPTCONN) == 0) {
            throw new IllegalArgumentException(object + " is no Unix-domain stream socket that listens");
        }
        String path = path(socket.localAddress());
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(object + " listens at no path of a file system");
        }
        return new PassedSocket(socket, Path.of(path).normalize());
    }

    /** Where clients find it. */
    public Path path() {
        return path;
    }

    /**
     * Has this process's socket that is bound to a path listen here instead: its descriptor becomes one of the passed socket, in one step
     * (dup3(2)). So a channel of Java's, which can be made of no descriptor, serves it. Nobody may be waiting on that one meanwhile.
     *
     * @throws KernelException EBADF when no socket of this process is bound there
     */
    public void putInPlaceOf(Path bound) {
        int replaced = descriptorOf(bound);
        Libc.check("serve", "unix socket " + path, () -> Libc.functions().dup3(socket.number(), replaced, O_CLOEXEC));
        close();
    }

    /** The socket, not blocking, for who closes it from now on. */
    KernelSocket release() {
        Libc.check("serve", "unix socket " + path, () -> Libc.functions().fcntl(socket.number(), F_SETFL, O_NONBLOCK));
        return socket;
    }

    /** Closes this process's descriptor; the socket goes on with whoever has passed it. */
    @Override
    public void close() {
        socket.close();
    }

    private static int descriptorOf(Path bound) {
        byte[] wanted = UnixListener.address(bound);
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path one : descriptors) {
                int descriptor = Integer.parseInt(String.valueOf(one.getFileName()));
                byte[] address = new byte[wanted.length];
                int[] length = {wanted.length};
                long result = Libc.attempt(() -> Libc.functions().getsockname(descriptor, address, length));
                if (result == 0 && Arrays.equals(address, wanted)) {
                    return descriptor;
                }
            }
        } catch (IOException unreadable) {
            throw new IllegalStateException("cannot list " + DESCRIPTORS, unreadable);
        }
        throw new KernelException("find", "unix socket " + bound, Errno.EBADF);
    }

    private static int option(KernelSocket socket, int name) {
        byte[] value = socket.option(SOL_SOCKET, name, Integer.BYTES);
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    /** The path of a {@code struct sockaddr_un}; empty for an abstract or unnamed one. */
    private static String path(byte[] address) {
        int end = PATH_OFFSET;
        while (end < address.length && address[end] != 0) {
            end++;
        }
        return address.length <= PATH_OFFSET
                ? ""
                : new String(address, PATH_OFFSET, end - PATH_OFFSET, StandardCharsets.UTF_8);
    }
}
