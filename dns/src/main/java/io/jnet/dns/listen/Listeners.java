package io.jnet.dns.listen;

import io.jnet.dns.query.Responder;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.link.InterfaceName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Opens what listens; the thread for all of them is started with the first. Thread-safe. */
public final class Listeners implements AutoCloseable {
    /** How long it may take to send what is answered. */
    private static final Duration SENDING = Duration.ofMillis(100);

    private final Responder responder;
    private final SocketKeeper keeper;
    private final TcpLimits limits;
    private final Backlog backlog;
    private Loop loop;

    /** Listeners that hand queries on to this one. */
    public Listeners(Responder responder, SocketKeeper keeper) {
        this(responder, keeper, TcpLimits.USUAL, new Backlog(Backlog.USUAL));
    }

    Listeners(Responder responder, SocketKeeper keeper, TcpLimits limits, Backlog backlog) {
        this.responder = responder;
        this.keeper = keeper;
        this.limits = limits;
        this.backlog = backlog;
    }

    /**
     * Listens at a bridge's addresses for what comes in by the bridge, on UDP and TCP: with the sockets that were kept, or new ones.
     *
     * @param index the bridge's
     * @param addresses one or more; they need not be there yet
     * @param port that is asked for; where it is taken or not allowed, or others were kept, the result says which other one it is
     * @throws KernelException when the kernel refuses for another reason: ENODEV when the bridge is gone
     */
    public Listening listen(NetworkId network, InterfaceName bridge, int index, List<IpAddress> addresses, int port) {
        PortSockets.Place place = new PortSockets.Place(bridge, index, addresses);
        List<KernelSocket> kept = keeper.take(index);
        Optional<PortSockets> resumed = PortSockets.resume(place, kept);
        if (resumed.isEmpty() && !kept.isEmpty()) {
            keeper.forget(index);
        }
        PortSockets sockets = resumed.orElseGet(() -> bind(network, place, port));
        try {
            Listening listening = Listening.open(running(), limits, sockets, responder, network, resumed.isPresent());
            if (resumed.isEmpty()) {
                keeper.keep(index, sockets.all());
            }
            return listening;
        } catch (KernelException refusal) {
            keeper.forget(index);
            throw refusal;
        }
    }

    /** Has nothing kept of what listened at a bridge; it is closed already. */
    public void forget(int index) {
        keeper.forget(index);
    }

    /**
     * Has all that was asked answered before the end, as far as others answer in time. Where sockets are kept nothing is taken from them any more:
     * the next process answers it.
     */
    public void finish(Collection<Listening> all, Duration patience) {
        Optional<Loop> present = present();
        if (present.isEmpty()) {
            return;
        }
        long end = System.nanoTime() + patience.toNanos();
        if (keeper.keeps()) {
            all.forEach(Listening::pause);
            present.get().settle(patience);
        }
        responder.finish(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        present.get().settle(SENDING);
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

    private synchronized Optional<Loop> present() {
        return Optional.ofNullable(loop);
    }

    private synchronized Loop running() {
        if (loop == null) {
            loop = Loop.start(backlog);
        }
        return loop;
    }
}
