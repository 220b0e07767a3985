package io.jnet.engine.port;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.relay.Relay;
import io.jnet.engine.relay.Relay.Served;
import io.jnet.engine.relay.RelayLimits;
import io.jnet.engine.relay.Service;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.DescriptorLimit;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.socket.PortHolder;
import io.jnet.netlink.socket.PortHolders;
import io.jnet.netlink.socket.PortReservation;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reserves ports by bound sockets of this process. Where the kernel has no sockets of a protocol no process can take its ports: then jnet's
 * own containers are the only ones to compete, in memory. Thread-safe.
 */
public final class SocketHostPorts implements HostPorts, AutoCloseable {
    /** Files that are left for all else: requests, the store, connections that are passed on. */
    private static final int SPARE_DESCRIPTORS = 256;

    private static final Set<Errno> NO_SUCH_SOCKETS = Set.of(Errno.EPROTONOSUPPORT, Errno.ESOCKTNOSUPPORT);

    private final Relay relay = new Relay(RelayLimits.USUAL);
    private final MemoryPorts withoutSockets = new MemoryPorts();
    /** What this process holds: of a range with hundreds of them the next free one is found without asking the kernel for each. */
    private final Set<Place> held = ConcurrentHashMap.newKeySet();

    @Override
    public Reservation reserve(Protocol protocol, Optional<IpAddress> hostAddress, int port, boolean naming) {
        TransportProtocol transport = TransportProtocol.of(protocol.number());
        if (!naming && held.contains(new Place(protocol, hostAddress, port))) {
            throw EngineException.conflict(where(transport, hostAddress, port) + " is in use");
        }
        try {
            PortReservation reservation = hostAddress.isPresent()
                    ? PortReservation.bind(transport, hostAddress.get(), port)
                    : PortReservation.bindDualStack(transport, port);
            checkLimit(reservation);
            return new Held(reservation, new Place(protocol, hostAddress, reservation.port()));
        } catch (KernelException e) {
            if (NO_SUCH_SOCKETS.contains(e.errno())) {
                return withoutSockets.reserve(protocol, hostAddress, port, naming);
            }
            throw refusal(transport, hostAddress, port, naming, e);
        }
    }

    /** Ends all that is being passed on. */
    @Override
    public void close() {
        relay.close();
    }

    private static void checkLimit(PortReservation reservation) {
        long limit = DescriptorLimit.current();
        // The kernel gives the lowest number that is free.
        if (reservation.socket().number() > limit - SPARE_DESCRIPTORS) {
            reservation.close();
            throw tooMany(limit);
        }
    }

    private static EngineException tooMany(long limit) {
        return new EngineException(
                ErrorCode.EXHAUSTED,
                "cannot reserve another port: each takes one of the %d files that the daemon may open, %d of which are kept free; raise the"
                                .formatted(limit, SPARE_DESCRIPTORS)
                        + " limit (LimitNOFILE= of its unit, ulimit -Hn) and restart it");
    }

    private static EngineException refusal(
            TransportProtocol transport,
            Optional<IpAddress> hostAddress,
            int port,
            boolean naming,
            KernelException cause) {
        String where = where(transport, hostAddress, port);
        if (cause.errno().equals(Errno.EADDRINUSE)) {
            IpAddress address = hostAddress.orElseGet(() -> IpAddress.any(AddressFamily.INET6));
            String holder = Optional.of(address)
                    .filter(one -> naming)
                    .flatMap(one -> PortHolders.find(transport, one, port))
                    .map(PortHolder::toString)
                    .map(text -> " by " + text)
                    .orElse("");
            return new EngineException(ErrorCode.CONFLICT, where + " is in use" + holder, cause);
        }
        if (cause.errno().equals(Errno.EADDRNOTAVAIL)) {
            return new EngineException(
                    ErrorCode.INVALID_REQUEST, "cannot publish " + where + ": the host has no such address", cause);
        }
        if (cause.errno().equals(Errno.EMFILE)) {
            return tooMany(DescriptorLimit.current());
        }
        return new EngineException(ErrorCode.KERNEL, "cannot reserve " + where + ": " + cause.getMessage(), cause);
    }

    private static String where(TransportProtocol transport, Optional<IpAddress> hostAddress, int port) {
        return "port " + port + "/" + transport + " on "
                + hostAddress.map(IpAddress::toString).orElse(EVERY_ADDRESS);
    }

    /** What is reserved by a socket. */
    private record Place(Protocol protocol, Optional<IpAddress> hostAddress, int port) {}

    private final class Held implements Reservation {
        private final PortReservation reservation;
        private final Place place;
        private Optional<Service> service = Optional.empty();
        private Optional<Served> served = Optional.empty();

        Held(PortReservation reservation, Place place) {
            this.reservation = reservation;
            this.place = place;
            held.add(place);
        }

        @Override
        public int port() {
            return reservation.port();
        }

        @Override
        public synchronized void serve(Service wanted) {
            boolean same = service.filter(wanted::leadsTo).isPresent();
            // Without IPv6 on the host there is nobody to serve.
            if (same || reservation.address().family() == AddressFamily.INET) {
                return;
            }
            served.ifPresent(Served::close);
            try {
                served = Optional.of(relay.serve(reservation, wanted));
                service = Optional.of(wanted);
            } catch (KernelException e) {
                throw new EngineException(ErrorCode.KERNEL, "cannot serve " + reservation + ": " + e.getMessage(), e);
            }
        }

        @Override
        public synchronized void close() {
            served.ifPresent(Served::close);
            held.remove(place);
            reservation.close();
        }
    }
}
