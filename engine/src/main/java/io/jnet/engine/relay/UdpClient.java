package io.jnet.engine.relay;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.UdpSocket;
import io.jnet.netlink.libc.UdpSocket.Envelope;
import io.jnet.netlink.socket.SocketAddresses;

/** A client of a UDP port, with a socket of its own to the container: answers find their way by it. */
final class UdpClient {
    private static final int BURST = 64;

    private final RelayLoop loop;
    private final UdpSocket port;
    private final Envelope envelope;
    private final UdpSocket container;
    private final long key;
    private long lastHeard = System.nanoTime();

    private UdpClient(RelayLoop loop, UdpSocket port, Envelope envelope, UdpSocket container) {
        this.loop = loop;
        this.port = port;
        this.envelope = envelope;
        this.container = container;
        this.key = loop.register(this::answer);
    }

    /**
     * @param port by which answers leave
     * @param envelope the client's first one
     * @throws io.jnet.netlink.libc.KernelException when no socket can be opened
     */
    static UdpClient open(RelayLoop loop, UdpSocket port, Envelope envelope, Service service) {
        IpAddress address = service.containers().get(0);
        UdpSocket container = UdpSocket.connect(
                address.family().number(), SocketAddresses.encode(address, service.port()), "udp to " + address);
        UdpClient client = new UdpClient(loop, port, envelope, container);
        loop.poller().add(container, client.key);
        return client;
    }

    /** Passes the loop's buffer on to the container. */
    void pass(int length) {
        lastHeard = System.nanoTime();
        container.sendToPeer(loop.buffer(), length);
    }

    boolean isSilent() {
        return System.nanoTime() - lastHeard > loop.limits().silence().toNanos();
    }

    void close() {
        loop.unregister(key);
        container.close();
    }

    private void answer() {
        for (int i = 0; i < BURST; i++) {
            int length = container.receiveFromPeer(loop.buffer());
            if (length == UdpSocket.NOTHING) {
                return;
            }
            lastHeard = System.nanoTime();
            port.answer(loop.buffer(), length, envelope);
        }
    }
}
