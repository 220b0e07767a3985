package io.jnet.dns.listen;

import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.libc.TcpSocket;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.socket.LinkSocket;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sockets for one port of all addresses of a bridge, UDP ones and listening TCP ones. */
final class PortSockets {
    /** How many ports are tried that the kernel has found free at one of the addresses. */
    private static final int TRIES = 16;

    /** While no process takes them. */
    private static final int BACKLOG = 256;

    private final List<KernelSocket> udp = new ArrayList<>();
    private final List<TcpSocket> tcp = new ArrayList<>();

    private PortSockets() {}

    /**
     * Where they are wanted.
     *
     * @param index the bridge's
     * @param addresses one or more of the host's
     */
    record Place(InterfaceName bridge, int index, List<IpAddress> addresses) {
        Place {
            addresses = List.copyOf(addresses);
        }

        private Set<LinkSocket.Place> all(int port) {
            return addresses.stream()
                    .flatMap(address -> Stream.of(TransportProtocol.UDP, TransportProtocol.TCP)
                            .map(protocol -> new LinkSocket.Place(protocol, index, address, port)))
                    .collect(Collectors.toSet());
        }
    }

    /**
     * Binds them all, or none.
     *
     * @throws KernelException as {@link LinkSocket#bind}
     */
    static PortSockets bind(Place place, int port) {
        PortSockets sockets = new PortSockets();
        try {
            int chosen = port;
            for (IpAddress address : place.addresses()) {
                chosen = sockets.add(place, address, chosen);
            }
            return sockets;
        } catch (KernelException refusal) {
            sockets.close();
            throw refusal;
        }
    }

    /**
     * Binds them to a port that is free at all addresses: one of {@link ReservedPorts}; where that is not allowed, any.
     *
     * @throws KernelException as {@link LinkSocket#bind}; EADDRINUSE when none was found
     */
    static PortSockets bindAnywhere(Place place, NetworkId network) {
        Optional<PortSockets> bound = bindOne(place, ReservedPorts.from(network));
        return bound.or(() -> bindOne(place, Collections.nCopies(TRIES, 0))).orElseGet(() -> bind(place, 0));
    }

    /** Binds them to the first port that is free; empty: none is, or none is allowed. */
    private static Optional<PortSockets> bindOne(Place place, List<Integer> ports) {
        for (int port : ports) {
            try {
                return Optional.of(bind(place, port));
            } catch (KernelException refusal) {
                if (refusal.errno().equals(Errno.EACCES)) {
                    return Optional.empty();
                }
                if (!refusal.errno().equals(Errno.EADDRINUSE)) {
                    throw refusal;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Sockets that were kept, where they are those that are wanted: one for UDP and one for TCP at each address, all with one port. Else they are
     * closed.
     */
    static Optional<PortSockets> resume(Place place, List<KernelSocket> kept) {
        PortSockets sockets = new PortSockets();
        List<LinkSocket.Place> found = new ArrayList<>();
        for (KernelSocket socket : kept) {
            Optional<LinkSocket.Place> bound = bound(socket);
            if (bound.isEmpty()) {
                socket.close();
                continue;
            }
            found.add(bound.get());
            if (bound.get().protocol() == TransportProtocol.UDP) {
                sockets.udp.add(socket);
            } else {
                sockets.tcp.add(TcpSocket.of(socket));
            }
        }
        if (!found.isEmpty()
                && found.size() == kept.size()
                && found.size() == 2 * place.addresses().size()
                && Set.copyOf(found).equals(place.all(found.get(0).port()))) {
            return Optional.of(sockets);
        }
        sockets.close();
        return Optional.empty();
    }

    private static Optional<LinkSocket.Place> bound(KernelSocket socket) {
        try {
            return LinkSocket.place(socket);
        } catch (KernelException noSocket) {
            return Optional.empty();
        }
    }

    /** The port. */
    int port() {
        return LinkSocket.port(udp.get(0));
    }

    /** All of them. */
    List<KernelSocket> all() {
        return Stream.concat(udp.stream(), tcp.stream().map(TcpSocket::kernelSocket))
                .toList();
    }

    List<KernelSocket> udp() {
        return udp;
    }

    List<TcpSocket> tcp() {
        return tcp;
    }

    void close() {
        udp.forEach(KernelSocket::close);
        tcp.forEach(TcpSocket::close);
    }

    /** The port: for 0, what the kernel has chosen. */
    private int add(Place place, IpAddress address, int port) {
        KernelSocket datagrams = LinkSocket.bind(TransportProtocol.UDP, place.bridge(), place.index(), address, port);
        udp.add(datagrams);
        int chosen = LinkSocket.port(datagrams);
        TcpSocket streams =
                TcpSocket.of(LinkSocket.bind(TransportProtocol.TCP, place.bridge(), place.index(), address, chosen));
        tcp.add(streams);
        streams.listen(BACKLOG);
        return chosen;
    }
}
