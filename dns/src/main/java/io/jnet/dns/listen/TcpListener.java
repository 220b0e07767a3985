package io.jnet.dns.listen;

import io.jnet.dns.query.Responder;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.Poller.Interest;
import io.jnet.netlink.libc.TcpSocket;
import io.jnet.netlink.socket.SocketAddresses;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes connections from one socket. The lock is held for system calls only. */
final class TcpListener {
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
    /** Connections taken before other sockets get their turn. */
    private static final int BURST = 16;

    private final Loop loop;
    private final TcpPlaces places;
    private final TcpSocket socket;
    private final Responder responder;
    private final NetworkId network;
    private final Runnable resume = this::resume;
    private final Object lock = new Object();
    private final long key;
    /** Whether the loop waits for it. Another process may have the socket too: to close it here is not enough. */
    private boolean awaited;

    /** Whether it was told that connections wait; until none does. */
    private boolean full;

    private boolean paused;
    private boolean closed;

    private TcpListener(Loop loop, TcpPlaces places, TcpSocket socket, Responder responder, NetworkId network) {
        this.loop = loop;
        this.places = places;
        this.socket = socket;
        this.responder = responder;
        this.network = network;
        this.key = loop.register(this::accept);
    }

    /** Begins to take connections from a listening socket, which is the listener's from now on. */
    static TcpListener open(Loop loop, TcpPlaces places, TcpSocket socket, Responder responder, NetworkId network) {
        TcpListener listener = new TcpListener(loop, places, socket, responder, network);
        try {
            listener.await();
            return listener;
        } catch (RuntimeException refusal) {
            listener.close();
            throw refusal;
        }
    }

    /** Takes no more connections; any thread may. */
    void pause() {
        synchronized (lock) {
            paused = true;
            leave();
        }
    }

    private void leave() {
        if (awaited) {
            loop.poller().remove(socket);
            awaited = false;
        }
    }

    /** Closes the socket, and has the loop end the network's connections; any thread may. */
    void close() {
        synchronized (lock) {
            leave();
            loop.unregister(key);
            closed = true;
            socket.close();
        }
        loop.order(() -> {
            loop.stopTicking(resume);
            places.endAll();
        });
    }

    private void accept() {
        for (int i = 0; i < BURST; i++) {
            Optional<TcpSocket.Accepted> accepted = next();
            if (accepted.isEmpty()) {
                return;
            }
            TcpSocket connection = accepted.get().socket();
            IpAddress address = SocketAddresses.address(accepted.get().peer());
            if (places.makeRoom(address)) {
                TcpClient client = new TcpClient(loop, places, connection, address, responder, network);
                places.take(client);
                client.begin();
            } else {
                connection.abort();
            }
        }
    }

    private Optional<TcpSocket.Accepted> next() {
        synchronized (lock) {
            try {
                if (closed || paused) {
                    return Optional.empty();
                }
                Optional<TcpSocket.Accepted> accepted = socket.accept();
                full = full && accepted.isPresent();
                return accepted;
            } catch (KernelException refused) {
                // Most likely EMFILE: the connection waits in the kernel, and would be told again and again.
                if (!full) {
                    LOG.atWarn()
                            .addKeyValue("network", network)
                            .log("connections have to wait: {}", refused.getMessage());
                }
                full = true;
                leave();
                loop.tick(resume);
                return Optional.empty();
            }
        }
    }

    private void resume() {
        await();
        loop.stopTicking(resume);
    }

    private void await() {
        synchronized (lock) {
            if (!closed && !paused) {
                loop.poller().add(socket, Interest.READ, key);
                awaited = true;
            }
        }
    }
}
