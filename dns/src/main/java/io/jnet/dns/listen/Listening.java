package io.jnet.dns.listen;

import io.jnet.dns.query.Responder;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.libc.TcpSocket;
import java.util.ArrayList;
import java.util.List;

/** What listens for one network. Thread-safe. */
public final class Listening implements AutoCloseable {
    private final int port;
    private final List<Runnable> pauses = new ArrayList<>();
    private final List<Runnable> ends = new ArrayList<>();

    private Listening(int port) {
        this.port = port;
    }

    /**
     * Begins to listen at bound sockets, which are this one's from now on.
     *
     * @param resumed whether queries have been waiting in them
     */
    static Listening open(
            Loop loop, TcpLimits limits, PortSockets sockets, Responder responder, NetworkId network, boolean resumed) {
        Listening listening = new Listening(sockets.port());
        TcpPlaces places = new TcpPlaces(loop, limits);
        try {
            for (KernelSocket socket : sockets.udp()) {
                UdpListener udp = UdpListener.open(loop, socket, responder, network, resumed);
                listening.pauses.add(udp::pause);
                listening.ends.add(udp::close);
            }
            for (TcpSocket socket : sockets.tcp()) {
                TcpListener tcp = TcpListener.open(loop, places, socket, responder, network);
                listening.pauses.add(tcp::pause);
                listening.ends.add(tcp::close);
            }
            return listening;
        } catch (KernelException refusal) {
            listening.close();
            sockets.close();
            throw refusal;
        }
    }

    /** The port, of UDP and TCP at all addresses. */
    public int port() {
        return port;
    }

    /** Takes no more queries or connections from the sockets; those that are there are answered. */
    synchronized void pause() {
        pauses.forEach(Runnable::run);
        pauses.clear();
    }

    /** Closes the sockets; connections end soon after. Harmless when that was done already. */
    @Override
    public synchronized void close() {
        ends.forEach(Runnable::run);
        ends.clear();
        pauses.clear();
    }
}
