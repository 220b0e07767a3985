package io.jnet.dns.listen;

import io.jnet.dns.query.Query;
import io.jnet.dns.query.Query.Transport;
import io.jnet.dns.query.Responder;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.IncomingDatagrams;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.libc.OutgoingDatagrams;
import io.jnet.netlink.socket.LinkSocket;
import io.jnet.netlink.socket.SocketAddresses;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Takes queries from one UDP socket, and sends what is answered from there. The lock is held for system calls only: whoever closes the socket
 * must not meet one, since its number may be another's at once.
 */
final class UdpListener {
    /** How often datagrams are taken before other sockets get their turn. */
    private static final int TURNS = 8;

    private static final int RECEIVE_BUFFER = 2 * 1024 * 1024;

    private final Loop loop;
    private final KernelSocket socket;
    private final Responder responder;
    private final NetworkId network;
    private final Crowd crowd;
    private final Object lock = new Object();
    private final long key;
    /** Whether the loop waits for it. Another process may have the socket too: to close it here is not enough. */
    private boolean awaited;

    private boolean closed;

    private UdpListener(Loop loop, KernelSocket socket, Responder responder, NetworkId network, boolean resumed) {
        this.loop = loop;
        this.socket = socket;
        this.responder = responder;
        this.network = network;
        this.crowd = resumed ? Crowd.afterAWhile() : new Crowd();
        this.key = loop.register(this::receive);
    }

    /**
     * Begins to listen at a bound socket, which is the listener's from now on.
     *
     * @param resumed whether queries have been waiting in it
     */
    static UdpListener open(Loop loop, KernelSocket socket, Responder responder, NetworkId network, boolean resumed) {
        UdpListener listener = new UdpListener(loop, socket, responder, network, resumed);
        try {
            LinkSocket.receiveBuffer(socket, RECEIVE_BUFFER);
            listener.await();
            return listener;
        } catch (RuntimeException refusal) {
            listener.close();
            throw refusal;
        }
    }

    private void await() {
        synchronized (lock) {
            loop.poller().add(socket, key);
            awaited = true;
        }
    }

    /** Takes nothing from the socket any more, and still answers what it has; any thread may. */
    void pause() {
        synchronized (lock) {
            if (awaited) {
                loop.poller().remove(socket);
                awaited = false;
            }
        }
    }

    /** Closes the socket; any thread may. */
    void close() {
        synchronized (lock) {
            pause();
            loop.unregister(key);
            closed = true;
            socket.close();
        }
    }

    private void receive() {
        IncomingDatagrams incoming = loop.datagrams().incoming();
        loop.datagrams().use(this);
        try {
            for (int turn = 0; turn < TURNS; turn++) {
                int count = take(incoming);
                for (int i = 0; i < count; i++) {
                    respond(incoming.data(i), incoming.sender(i));
                }
                send();
                if (count < incoming.capacity()) {
                    crowd.pause();
                    return;
                }
            }
        } finally {
            send();
            loop.datagrams().leave();
        }
    }

    private int take(IncomingDatagrams incoming) {
        synchronized (lock) {
            return awaited ? incoming.receive(socket) : 0;
        }
    }

    private void respond(Optional<byte[]> data, byte[] sender) {
        IpAddress client = SocketAddresses.address(ByteBuffer.wrap(sender));
        if (crowd.admits(client) && data.isPresent()) {
            responder.respond(
                    new Query(ByteBuffer.wrap(data.get()), network, client, Transport.UDP),
                    message -> answer(sender, message));
        }
    }

    /** Comes from any thread; at once, in most cases, and then it goes out with others. */
    private void answer(byte[] receiver, ByteBuffer message) {
        if (loop.isHere() && loop.datagrams().areOf(this)) {
            collect(receiver, message);
        } else {
            loop.answer(() -> {
                collect(receiver, message);
                send();
            });
        }
    }

    private void collect(byte[] receiver, ByteBuffer message) {
        OutgoingDatagrams outgoing = loop.datagrams().outgoing();
        if (!outgoing.hasRoomFor(message.remaining())) {
            send();
        }
        outgoing.add(receiver, message);
    }

    private void send() {
        OutgoingDatagrams outgoing = loop.datagrams().outgoing();
        if (outgoing.isEmpty()) {
            return;
        }
        synchronized (lock) {
            if (closed) {
                outgoing.forget();
            } else {
                outgoing.send(socket);
            }
        }
    }
}
