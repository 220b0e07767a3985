package io.jnet.engine.relay;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.TcpSocket;
import io.jnet.netlink.socket.SocketAddresses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** A client's connection and the one to the container that it is passed on by. */
final class TcpConnection {
    private final RelayLoop loop;
    private final TcpPort port;
    private final Visitor visitor;
    private final Service service;
    private final Deque<IpAddress> candidates;
    private final WatchedStream client;
    private WatchedStream container;
    private TcpDirection inwards;
    private TcpDirection outwards;
    private boolean connected;

    TcpConnection(RelayLoop loop, TcpPort port, TcpSocket client, Visitor visitor, Service service) {
        this.loop = loop;
        this.port = port;
        this.visitor = visitor;
        this.service = service;
        this.candidates = new ArrayDeque<>(service.containers());
        this.client = new WatchedStream(loop, client, this::move);
    }

    /** Connects to the container; meanwhile the client's bytes wait in the kernel. */
    void begin() {
        connectNext();
    }

    /** Ends both sides; each peer sees a reset. */
    void abort() {
        end(TcpSocket::abort);
    }

    private void connectNext() {
        while (!candidates.isEmpty()) {
            IpAddress address = candidates.pop();
            try {
                TcpSocket socket = TcpSocket.open(address.family().number(), "tcp to " + address);
                container = new WatchedStream(loop, socket, this::connectedOrRefused);
                socket.connect(SocketAddresses.encode(address, service.port()));
                container.writing(true);
                return;
            } catch (KernelException refused) {
                dropContainer();
            }
        }
        abort();
    }

    private void connectedOrRefused() {
        if (connected) {
            move();
        } else if (container.socket().error().isPresent()) {
            dropContainer();
            connectNext();
        } else {
            connected = true;
            inwards = new TcpDirection(client, container, loop.buffer());
            outwards = new TcpDirection(container, client, loop.buffer());
            client.reading(true);
            container.reading(true);
            container.writing(false);
            move();
        }
    }

    private void dropContainer() {
        if (container != null) {
            container.forget();
            container.socket().close();
            container = null;
        }
    }

    private void move() {
        try {
            inwards.move();
            outwards.move();
            if (inwards.hasEnded() && outwards.hasEnded()) {
                end(TcpSocket::close);
            }
        } catch (KernelException broken) {
            abort();
        }
    }

    private void end(Consumer<TcpSocket> ending) {
        port.ended(this);
        loop.giveStreamBack();
        loop.streamShares().giveBack(visitor.address());
        client.forget();
        ending.accept(client.socket());
        if (container != null) {
            container.forget();
            ending.accept(container.socket());
        }
    }
}
