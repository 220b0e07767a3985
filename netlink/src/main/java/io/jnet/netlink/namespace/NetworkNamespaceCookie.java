package io.jnet.netlink.namespace;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** The number that the kernel gives a network namespace and never again to another one until the next boot (SO_NETNS_COOKIE). */
public final class NetworkNamespaceCookie {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_NETNS_COOKIE = 71;

    private NetworkNamespaceCookie() {}

    /** The cookie of the calling thread's namespace; empty where the kernel is older than 5.14. */
    public static OptionalLong current() {
        try (KernelSocket socket = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, "unix socket")) {
            byte[] cookie = socket.option(SOL_SOCKET, SO_NETNS_COOKIE, Long.BYTES);
            return OptionalLong.of(
                    ByteBuffer.wrap(cookie).order(ByteOrder.nativeOrder()).getLong());
        } catch (KernelException failure) {
            if (failure.errno().equals(Errno.ENOPROTOOPT)) {
                return OptionalLong.empty();
            }
            throw failure;
        }
    }
}
