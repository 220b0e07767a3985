package io.jnet.dns.listen;

import io.jnet.dns.query.Responder;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;

/** Opens what listens; the thread for all of them is started with the first. Thread-safe. */
public final class Listeners implements AutoCloseable {
    private final Responder responder;
    private final TcpLimits limits;
    private Loop loop;

    /** Listeners that hand queries on to this one. */
    public Listeners(Responder responder) {
        this(responder, TcpLimits.USUAL);
    }

    Listeners(Responder responder, TcpLimits limits) {
        this.responder = responder;
        this.limits = limits;
    }

    /**
     * Listens at a bridge's addresses for what comes in by the bridge, on UDP and TCP.
     *
     * @param index the bridge's
     * @param addresses one or more; they need not be there yet
     * @param port that is asked for; where it is taken or not allowed, the result says which other one it is
     * @throws KernelException when the kernel refuses for another reason: ENODEV when the bridge is gone
     */
    public Listening listen(NetworkId network, InterfaceName bridge, int index, List<IpAddress> addresses, int port) {
        PortSockets.Place place = new PortSockets.Place(bridge, index, addresses);
        return Listening.open(running(), limits, bind(network, place, port), responder, network);
    }

    /** Ends the thread. What listens is to be closed before. */
    @Override
    public synchronized void close() {
        if (loop != null) {
            loop.close();
            loop = null;
        }
    }

    private static PortSockets bind(NetworkId network, PortSockets.Place place, int port) {
        try {
            return PortSockets.bind(place, port);
        } catch (KernelException refusal) {
            boolean taken =
                    refusal.errno().equals(Errno.EADDRINUSE) || refusal.errno().equals(Errno.EACCES);
            if (!taken) {
                throw refusal;
            }
            return PortSockets.bindAnywhere(place, network);
        }
    }

    private synchronized Loop running() {
        if (loop == null) {
            loop = Loop.start();
        }
        return loop;
    }
}
