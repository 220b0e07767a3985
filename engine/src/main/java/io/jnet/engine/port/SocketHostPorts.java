package io.jnet.engine.port;

import io.jnet.engine.EngineException;
import io.jnet.engine.ErrorCode;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.socket.PortHolder;
import io.jnet.netlink.socket.PortHolders;
import io.jnet.netlink.socket.PortReservation;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.Optional;

/** Reserves ports by bound sockets of this process. */
public final class SocketHostPorts implements HostPorts {

    @Override
    public Reservation reserve(Protocol protocol, Optional<IpAddress> hostAddress, int port) {
        TransportProtocol transport = transport(protocol);
        try {
            PortReservation reservation = hostAddress.isPresent()
                    ? PortReservation.bind(transport, hostAddress.get(), port)
                    : PortReservation.bindDualStack(transport, port);
            return new Held(reservation);
        } catch (KernelException e) {
            throw refusal(transport, hostAddress, port, e);
        }
    }

    private static TransportProtocol transport(Protocol protocol) {
        return switch (protocol) {
            case TCP -> TransportProtocol.TCP;
            case UDP -> TransportProtocol.UDP;
            case SCTP ->
                throw new EngineException(
                        ErrorCode.UNSUPPORTED,
                        "cannot publish an sctp port: this version of jnet reserves tcp and udp ports only");
        };
    }

    private static EngineException refusal(
            TransportProtocol transport, Optional<IpAddress> hostAddress, int port, KernelException cause) {
        String where = "port " + port + "/" + transport + " on "
                + hostAddress.map(IpAddress::toString).orElse(EVERY_ADDRESS);
        if (cause.errno().equals(Errno.EADDRINUSE)) {
            IpAddress address = hostAddress.orElseGet(() -> IpAddress.any(AddressFamily.INET6));
            String holder = PortHolders.find(transport, address, port)
                    .map(PortHolder::toString)
                    .map(text -> " by " + text)
                    .orElse("");
            return new EngineException(ErrorCode.CONFLICT, where + " is in use" + holder, cause);
        }
        if (cause.errno().equals(Errno.EADDRNOTAVAIL)) {
            return new EngineException(
                    ErrorCode.INVALID_REQUEST, "cannot publish " + where + ": the host has no such address", cause);
        }
        return new EngineException(ErrorCode.KERNEL, "cannot reserve " + where + ": " + cause.getMessage(), cause);
    }

    private static final class Held implements Reservation {
        private final PortReservation reservation;

        Held(PortReservation reservation) {
            this.reservation = reservation;
        }

        @Override
        public int port() {
            return reservation.port();
        }

        @Override
        public void close() {
            reservation.close();
        }
    }
}
