package io.jnet.engine.relay;

import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.UdpSocket;
import io.jnet.netlink.libc.UdpSocket.Envelope;
import io.jnet.netlink.socket.PortReservation;
import io.jnet.netlink.socket.SocketAddresses;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port that takes datagrams. */
final class UdpPort {
    private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);
    /** Datagrams taken at a time, so that one port does not keep the others waiting. */
    private static final int BURST = 64;

    private final RelayLoop loop;
    private final PortReservation reservation;
    private final Service service;
    private final UdpSocket socket;
    private final long key;
    private final Map<Conversation, UdpClient> clients = new HashMap<>();
    private final Runnable forgetSilent = this::forgetSilent;
    private boolean full;

    /**
     * @param client a {@code sockaddr}
     * @param local which of the host's addresses it speaks to
     */
    private record Conversation(ByteBuffer client, ByteBuffer local) {}

    private UdpPort(RelayLoop loop, PortReservation reservation, Service service) {
        this.loop = loop;
        this.reservation = reservation;
        this.service = service;
        this.socket = UdpSocket.receivingFrom(reservation.socket());
        this.key = loop.register(this::receive);
    }

    /** Begins to receive; the result ends it. */
    static Runnable open(RelayLoop loop, PortReservation reservation, Service service) {
        UdpPort port = new UdpPort(loop, reservation, service);
        loop.poller().add(port.socket, port.key);
        return port::close;
    }

    private void close() {
        loop.unregister(key);
        loop.poller().remove(socket);
        List.copyOf(clients.keySet()).forEach(this::forget);
    }

    private void receive() {
        for (int i = 0; i < BURST; i++) {
            Optional<Envelope> envelope = socket.receive(loop.buffer());
            if (envelope.isEmpty()) {
                return;
            }
            client(envelope.get())
                    .ifPresent(client -> client.pass(envelope.get().length()));
        }
    }

    private Optional<UdpClient> client(Envelope envelope) {
        Conversation conversation = new Conversation(envelope.peer(), envelope.local());
        UdpClient known = clients.get(conversation);
        if (known != null) {
            loop.clientPlaces().heard(known);
            return Optional.of(known);
        }
        Visitor visitor = new Visitor(SocketAddresses.address(envelope.peer()), SocketAddresses.scope(envelope.peer()));
        if (!service.admission().test(visitor)) {
            return Optional.empty();
        }
        try {
            UdpClient client = UdpClient.open(loop, socket, envelope, service);
            clients.put(conversation, client);
            loop.tick(forgetSilent);
            if (loop.clientPlaces().take(client, visitor.address(), () -> forget(conversation))) {
                tellFull(
                        "those that said nothing for longest are forgotten: %d clients are being relayed, or %d of one neighbour"
                                .formatted(
                                        loop.limits().clients(), loop.limits().share()));
            }
            return Optional.of(client);
        } catch (KernelException refused) {
            tellFull("datagrams of more clients are dropped: " + refused.getMessage());
            return Optional.empty();
        }
    }

    private void tellFull(String story) {
        if (!full) {
            LOG.atWarn().addKeyValue("port", reservation).log(story);
            full = true;
        }
    }

    private void forgetSilent() {
        List<Conversation> silent = clients.entrySet().stream()
                .filter(entry -> entry.getValue().isSilent())
                .map(Map.Entry::getKey)
                .toList();
        silent.forEach(this::forget);
        full = full && silent.isEmpty();
        if (clients.isEmpty()) {
            loop.stopTicking(forgetSilent);
        }
    }

    private void forget(Conversation conversation) {
        UdpClient client = clients.remove(conversation);
        client.close();
        loop.clientPlaces().giveBack(client);
    }
}
