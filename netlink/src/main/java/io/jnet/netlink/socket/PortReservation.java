package io.jnet.netlink.socket;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;

/**
 * A port of the host that no other process can take: a socket that is bound, does not listen, and lacks SO_REUSEADDR. A TCP connection
 * to it is refused, a datagram for it is dropped; packets that a firewall rule redirects before never get there.
 *
 * <p>The reservation is for the network namespace of the thread that made it, and ends with {@link #close()} or the process.
 */
public final class PortReservation implements AutoCloseable {
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_RCVBUF = 8;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int MAX_PORT = 0xffff;

    private final TransportProtocol protocol;
    private final IpAddress address;
    private final KernelSocket socket;
    private final int port;

    private PortReservation(TransportProtocol protocol, IpAddress address, KernelSocket socket) {
        this.protocol = protocol;
        this.address = address;
        this.socket = socket;
        this.port = SocketAddresses.port(socket.localAddress());
    }

    /**
     * Reserves a port of one address, or of all addresses of one family ({@code 0.0.0.0}, {@code ::}).
     *
     * @param port 1 to 65535, or 0 for one of the ephemeral range that the kernel chooses
     * @throws KernelException EADDRINUSE when the port is taken ({@link PortHolders} tells by whom), EADDRNOTAVAIL when the host does not
     *     have the address, EACCES for a privileged port
     */
    public static PortReservation bind(TransportProtocol protocol, IpAddress address, int port) {
        return bind(protocol, address, port, Versions.ONE);
    }

    /**
     * Reserves a port of all addresses, IPv4 and IPv6, with one socket; on a host without IPv6 of all IPv4 addresses.
     *
     * @param port 1 to 65535, or 0 for one of the ephemeral range that the kernel chooses
     * @throws KernelException as {@link #bind}
     */
    public static PortReservation bindDualStack(TransportProtocol protocol, int port) {
        try {
            return bind(protocol, IpAddress.any(AddressFamily.INET6), port, Versions.BOTH);
        } catch (KernelException failure) {
            boolean withoutIpv6 = failure.errno().equals(Errno.EAFNOSUPPORT)
                    || failure.errno().equals(Errno.EADDRNOTAVAIL);
            if (!withoutIpv6) {
                throw failure;
            }
            return bind(protocol, IpAddress.any(AddressFamily.INET), port);
        }
    }

    /** The protocol. */
    public TransportProtocol protocol() {
        return protocol;
    }

    /** The address; {@code ::} for a dual-stack reservation. */
    public IpAddress address() {
        return address;
    }

    /** The port, 1 to 65535: what the kernel chose when 0 was asked for. */
    public int port() {
        return port;
    }

    /** The socket, which does not block: for who takes what reaches the port. It stays this reservation's to close. */
    public KernelSocket socket() {
        return socket;
    }

    /** Releases the port; harmless when that was done already. */
    @Override
    public void close() {
        socket.close();
    }

    /** {@code tcp 0.0.0.0:8080}. */
    @Override
    public String toString() {
        return describe(protocol, address, port);
    }

    private static PortReservation bind(TransportProtocol protocol, IpAddress address, int port, Versions versions) {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("invalid port " + port + ": want 0 to 65535");
        }
        String object = describe(protocol, address, port);
        KernelSocket socket = KernelSocket.open(
                address.family().number(), protocol.socketType() | SOCK_NONBLOCK, protocol.number(), object);
        try {
            if (address.family() == AddressFamily.INET6) {
                socket.setOption(IPPROTO_IPV6, IPV6_V6ONLY, versions == Versions.ONE ? 1 : 0);
            }
            if (protocol == TransportProtocol.UDP) {
                // Nothing ever reads: the kernel raises this to its minimum.
                socket.setOption(SOL_SOCKET, SO_RCVBUF, 0);
            }
            bind(socket, protocol, address, port);
            return new PortReservation(protocol, address, socket);
        } catch (RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    private static void bind(KernelSocket socket, TransportProtocol protocol, IpAddress address, int port) {
        byte[] encoded = SocketAddresses.encode(address, port);
        try {
            socket.bind(encoded);
        } catch (KernelException failure) {
            boolean lingering = failure.errno().equals(Errno.EADDRINUSE)
                    && protocol == TransportProtocol.TCP
                    && SocketTable.onlyRemains(protocol, address, port);
            if (!lingering) {
                throw failure;
            }
            socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1);
            socket.bind(encoded);
            // Cleared again, or another process with SO_REUSEADDR could listen on the port beside a socket that
            // does not (net/ipv4/inet_connection_sock.c, inet_csk_bind_conflict).
            socket.setOption(SOL_SOCKET, SO_REUSEADDR, 0);
        }
    }

    private static String describe(TransportProtocol protocol, IpAddress address, int port) {
        boolean four = address.family() == AddressFamily.INET;
        return protocol + " " + (four ? address : "[" + address + "]") + ":" + port;
    }

    private enum Versions {
        ONE,
        BOTH
    }
}
