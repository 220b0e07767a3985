package io.jnet.engine.relay;

import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.PacketSocket;
import io.jnet.netlink.libc.PacketSocket.Envelope;
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
    private final PacketSocket socket;
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
        this.socket = PacketSocket.receivingFrom(reservation.socket());
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
            return Optional.of(known);
        }
        Visitor visitor = new Visitor(SocketAddresses.address(envelope.peer()), SocketAddresses.scope(envelope.peer()));
        if (!service.admission().test(visitor)) {
            return Optional.empty();
        }
        if (!loop.clientShares().take(visitor.address())) {
            tellFull(loop.limits().share() + " clients of one neighbour are being relayed");
            return Optional.empty();
        }
        if (!loop.takeClient()) {
            loop.clientShares().giveBack(visitor.address());
            tellFull(loop.limits().clients() + " clients are being relayed");
            return Optional.empty();
        }
        try {
            UdpClient client = UdpClient.open(loop, socket, envelope, service);
            clients.put(conversation, client);
            loop.tick(forgetSilent);
            return Optional.of(client);
        } catch (KernelException refused) {
            loop.giveClientBack();
            loop.clientShares().giveBack(visitor.address());
            tellFull(refused.getMessage());
            return Optional.empty();
        }
    }

    private void tellFull(String reason) {
        if (!full) {
            LOG.atWarn().addKeyValue("port", reservation).log("datagrams of more clients are dropped: {}", reason);
            full = true;
        }
    }

    private void forgetSilent() {
        List<Conversation> silent = clients.entrySet().stream()
                .filter(entry -> entry.getValue().isSilent())
                .map(Map.Entry::getKey)
                .toList();
        silent.forEach(this::forget);
        if (clients.isEmpty()) {
            loop.stopTicking(forgetSilent);
        }
    }

    private void forget(Conversation conversation) {
        clients.remove(conversation).close();
        loop.giveClientBack();
        loop.clientShares().giveBack(SocketAddresses.address(conversation.client()));
        full = false;
    }
}
