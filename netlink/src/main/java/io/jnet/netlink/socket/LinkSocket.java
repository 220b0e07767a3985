package io.jnet.netlink.socket;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.link.InterfaceName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A socket for one port of one address, and only for what comes in by one link (SO_BINDTODEVICE, socket(7)): a packet for an address of the
 * host is else accepted whatever link it comes by. It stays with the link that has the name now: one that takes its place is not this one's.
 *
 * <p>The address need not be there yet (IP_FREEBIND, ip(7)): an IPv6 address is not, for some time after it was added, while the kernel asks
 * whether another host has it.
 */
public final class LinkSocket {
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_IP = 0;
    private static final int IP_FREEBIND = 15;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_RCVBUF = 8;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_PROTOCOL = 38;
    private static final int SO_DOMAIN = 39;
    private static final int SO_BINDTOIFINDEX = 62;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_FREEBIND = 78;
    private static final int SCOPE_6 = 24;

    private LinkSocket() {}

    /**
     * Binds a socket that does not block. Where connections of an earlier process linger on a TCP port that nobody listens on any more, it is
     * free (SO_REUSEADDR); a UDP port is never shared.
     *
     * @param index the link's, for addresses that mean nothing without ({@code fe80::1})
     * @param port 1 to 65535, or 0 for one that the kernel chooses
     * @throws KernelException EADDRINUSE when the port is taken, EACCES for a privileged port, ENODEV when there is no such link,
     *     EAFNOSUPPORT on a host without IPv6
     */
    public static KernelSocket bind(
            TransportProtocol protocol, InterfaceName link, int index, IpAddress address, int port) {
        boolean four = address.family() == AddressFamily.INET;
        KernelSocket socket = KernelSocket.open(
                address.family().number(),
                protocol.socketType() | SOCK_NONBLOCK,
                protocol.number(),
                protocol + " " + (four ? address : "[" + address + "]") + ":" + port);
        try {
            socket.setOption(SOL_SOCKET, SO_BINDTODEVICE, link.value().getBytes(StandardCharsets.US_ASCII));
            if (four) {
                socket.setOption(SOL_IP, IP_FREEBIND, 1);
            } else {
                socket.setOption(IPPROTO_IPV6, IPV6_V6ONLY, 1);
                socket.setOption(IPPROTO_IPV6, IPV6_FREEBIND, 1);
            }
            if (protocol == TransportProtocol.TCP) {
                socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1);
            }
            socket.bind(encode(address, port, index));
            return socket;
        } catch (RuntimeException refusal) {
            socket.close();
            throw refusal;
        }
    }

    /**
     * Where a socket is bound.
     *
     * @param link the index of the link by which packets must come; 0: by any
     * @param port 0: it is bound to none
     */
    public record Place(TransportProtocol protocol, int link, IpAddress address, int port) {}

    /**
     * Where a socket is bound that may be anything.
     *
     * @return empty when it is no socket of UDP or TCP
     */
    public static Optional<Place> place(KernelSocket socket) {
        int family = number(socket, SO_DOMAIN);
        if (family != AddressFamily.INET.number() && family != AddressFamily.INET6.number()) {
            return Optional.empty();
        }
        int protocol = number(socket, SO_PROTOCOL);
        byte[] address = socket.localAddress();
        return Stream.of(TransportProtocol.UDP, TransportProtocol.TCP)
                .filter(one -> one.number() == protocol)
                .findFirst()
                .map(one -> new Place(
                        one,
                        number(socket, SO_BINDTOIFINDEX),
                        SocketAddresses.address(ByteBuffer.wrap(address)),
                        SocketAddresses.port(address)));
    }

    /** The port that a socket is bound to. */
    public static int port(KernelSocket socket) {
        return SocketAddresses.port(socket.localAddress());
    }

    /** Lets so many bytes of datagrams wait in the kernel; less where the process may not go beyond what the host allows. */
    public static void receiveBuffer(KernelSocket socket, int bytes) {
        try {
            socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, bytes);
        } catch (KernelException refusal) {
            if (!refusal.errno().equals(Errno.EPERM)) {
                throw refusal;
            }
            socket.setOption(SOL_SOCKET, SO_RCVBUF, bytes);
        }
    }

    private static int number(KernelSocket socket, int option) {
        return ByteBuffer.wrap(socket.option(SOL_SOCKET, option, Integer.BYTES))
                .order(ByteOrder.nativeOrder())
                .getInt();
    }

    private static byte[] encode(IpAddress address, int port, int index) {
        byte[] encoded = SocketAddresses.encode(address, port);
        if (address.family() == AddressFamily.INET6 && address.isLinkLocal()) {
            ByteBuffer.wrap(encoded).order(ByteOrder.nativeOrder()).putInt(SCOPE_6, index);
        }
        return encoded;
    }
}
