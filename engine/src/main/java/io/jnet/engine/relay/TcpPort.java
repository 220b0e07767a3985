package io.jnet.engine.relay;

import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.TcpSocket;
import io.jnet.netlink.socket.PortReservation;
import io.jnet.netlink.socket.SocketAddresses;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port that takes connections. */
final class TcpPort {
    private static final Logger LOG = LoggerFactory.getLogger(TcpPort.class);
    private static final int BACKLOG = 128;
    /** Connections taken at a time, so that one port does not keep the others waiting. */
    private static final int BURST = 32;

    private final RelayLoop loop;
    private final PortReservation reservation;
    private final Service service;
    private final WatchedStream listener;
    private final Set<TcpConnection> connections = new LinkedHashSet<>();
    private final Runnable resume = this::resume;
    /** Whether it was told that connections wait; until none does. */
    private boolean full;

    private TcpPort(RelayLoop loop, PortReservation reservation, Service service) {
        this.loop = loop;
        this.reservation = reservation;
        this.service = service;
        this.listener = new WatchedStream(loop, TcpSocket.of(reservation.socket()), this::accept);
    }

    /** Begins to listen; the result ends it. */
    static Runnable open(RelayLoop loop, PortReservation reservation, Service service) {
        TcpPort port = new TcpPort(loop, reservation, service);
        try {
            port.listener.socket().listen(BACKLOG);
            port.listener.reading(true);
            return port::close;
        } catch (KernelException refusal) {
            port.listener.forget();
            throw refusal;
        }
    }

    void ended(TcpConnection connection) {
        connections.remove(connection);
    }

    private void close() {
        loop.stopTicking(resume);
        listener.forget();
        List.copyOf(connections).forEach(TcpConnection::abort);
    }

    private void accept() {
        for (int i = 0; i < BURST; i++) {
            if (!loop.takeStream()) {
                pause(loop.limits().streams() + " connections are being relayed");
                return;
            }
            Optional<TcpSocket.Accepted> accepted = next();
            if (accepted.isEmpty()) {
                loop.giveStreamBack();
                return;
            }
            TcpSocket client = accepted.get().socket();
            Visitor visitor = new Visitor(
                    SocketAddresses.address(accepted.get().peer()),
                    SocketAddresses.scope(accepted.get().peer()));
            if (isAdmitted(visitor) && loop.streamShares().take(visitor.address())) {
                TcpConnection connection = new TcpConnection(loop, this, client, visitor, service);
                connections.add(connection);
                connection.begin();
            } else {
                client.abort();
                loop.giveStreamBack();
            }
        }
    }

    private boolean isAdmitted(Visitor visitor) {
        try {
            return service.admission().test(visitor);
        } catch (RuntimeException undecided) {
            LOG.atError().addKeyValue("port", reservation).setCause(undecided).log("connection refused");
            return false;
        }
    }

    private Optional<TcpSocket.Accepted> next() {
        try {
            Optional<TcpSocket.Accepted> accepted = listener.socket().accept();
            full = full && accepted.isPresent();
            return accepted;
        } catch (KernelException full) {
            // Most likely EMFILE: the connection waits in the kernel, as with too many of them.
            pause(full.getMessage());
            return Optional.empty();
        }
    }

    /** Clients wait in the kernel until a second later. */
    private void pause(String reason) {
        if (!full) {
            LOG.atWarn().addKeyValue("port", reservation).log("connections have to wait: {}", reason);
        }
        full = true;
        listener.reading(false);
        loop.tick(resume);
    }

    private void resume() {
        loop.stopTicking(resume);
        listener.reading(true);
    }
}
