package io.jnet.engine.relay;

import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.socket.PortReservation;
import io.jnet.netlink.socket.TransportProtocol;

/** Passes on what reaches reserved ports. The thread that does it is started with the first port. Thread-safe. */
public final class Relay implements AutoCloseable {
    private final RelayLimits limits;
    private RelayLoop loop;

    /** A relay without ports. */
    public Relay(RelayLimits limits) {
        this.limits = limits;
    }

    /** A port that is served. */
    public interface Served extends AutoCloseable {
        /** Ends what is under way; harmless when that was done already. */
        @Override
        void close();
    }

    /**
     * Serves a reserved port from now on, until the result is closed; connections that are under way end then. The reservation stays the
     * caller's to close, after that.
     *
     * @throws KernelException when the kernel refuses
     */
    public synchronized Served serve(PortReservation reservation, Service service) {
        if (loop == null) {
            loop = RelayLoop.start(limits);
        }
        RelayLoop running = loop;
        Runnable end = running.call(() -> {
            Runnable opened = reservation.protocol() == TransportProtocol.UDP
                    ? UdpPort.open(running, reservation, service)
                    : TcpPort.open(running, reservation, service);
            running.added(opened);
            return opened;
        });
        return () -> running.call(() -> {
            running.end(end);
            return end;
        });
    }

    /** Ends all connections, and the thread. */
    @Override
    public synchronized void close() {
        if (loop != null) {
            loop.close();
            loop = null;
        }
    }
}
