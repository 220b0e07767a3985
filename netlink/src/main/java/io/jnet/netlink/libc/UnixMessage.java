package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.AF_UNIX;
import static io.jnet.netlink.libc.SocketConstants.SOCK_DGRAM;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A datagram to a Unix-domain socket, which Java's own channels cannot send. */
public final class UnixMessage {
    /** That one datagram takes along. */
    public static final int MOST_SOCKETS = RightsMessage.MOST_DESCRIPTORS;

    /** How long it is waited for a receiver that has not read what came before. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private UnixMessage() {}

    /**
     * Sends one datagram.
     *
     * @param address an absolute path, or {@code @} and an abstract name
     * @throws IllegalArgumentException when it is neither, or too long
     * @throws KernelException ENOENT or ECONNREFUSED when nobody receives there, EAGAIN when the receiver has not read for 2 s
     */
    public static void send(String address, String text) {
        send(address, text, List.of());
    }

    /**
     * Sends one datagram, and sockets with it, which stay open here too.
     *
     * @param address an absolute path, or {@code @} and an abstract name
     * @param sockets at most {@link #MOST_SOCKETS}
     * @throws IllegalArgumentException when the address is neither, or too long
     * @throws KernelException ENOENT or ECONNREFUSED when nobody receives there, EAGAIN when the receiver has not read for 2 s
     */
    public static void send(String address, String text, List<KernelSocket> sockets) {
        if (!address.startsWith("/") && !address.startsWith("@")) {
            throw new IllegalArgumentException("no address of a unix socket: " + address);
        }
        byte[] bytes = address.startsWith("@")
                ? UnixListener.abstractAddress(address.substring(1))
                : UnixListener.address(Path.of(address));
        String object = "unix socket " + address;
        try (KernelSocket socket = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, object)) {
            socket.limitSend(PATIENCE);
            Libc.check("connect to", object, () -> Libc.functions().connect(socket.number(), bytes, bytes.length));
            RightsMessage.send(
                    socket,
                    text.getBytes(StandardCharsets.UTF_8),
                    sockets.stream().map(KernelSocket::descriptor).toList());
        }
    }
}
