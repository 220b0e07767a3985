package io.jnet.netlink.libc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A datagram to a Unix-domain socket, which Java's own channels cannot send. */
public final class UnixMessage {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    private UnixMessage() {}

    /**
     * Sends one datagram.
     *
     * @param address an absolute path, or {@code @} and an abstract name
     * @throws IllegalArgumentException when it is neither, or too long
     * @throws KernelException ENOENT or ECONNREFUSED when nobody receives there
     */
    public static void send(String address, String text) {
        if (!address.startsWith("/") && !address.startsWith("@")) {
            throw new IllegalArgumentException("no address of a unix socket: " + address);
        }
        byte[] bytes = address.startsWith("@")
                ? UnixListener.abstractAddress(address.substring(1))
                : UnixListener.address(Path.of(address));
        String object = "unix socket " + address;
        try (KernelSocket socket = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, object)) {
            Libc.check("connect to", object, () -> Libc.functions()
                    .connect(socket.descriptorNumber(), bytes, bytes.length));
            socket.send(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
