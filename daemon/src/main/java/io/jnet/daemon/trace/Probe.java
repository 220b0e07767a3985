package io.jnet.daemon.trace;

import io.jnet.daemon.client.ClientException;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.socket.TransportProtocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A socket of a network namespace that sends one packet and sees what comes back: a TCP connection that is closed as soon as it is there, or one UDP datagram
 * of one byte, 0: Java does not send an empty one.
 */
final class Probe implements AutoCloseable {
    private final NetworkChannel channel;
    private final Flow flow;

    private Probe(NetworkChannel channel, Flow flow) {
        this.channel = channel;
        this.flow = flow;
    }

    /**
     * Opens a socket that has its port already.
     *
     * @param source the sender's address; empty: as its routes say
     * @throws ClientException when the namespace has no such address
     */
    static Probe open(
            NetworkNamespace namespace, Optional<IpAddress> source, IpAddress destination, TraceTarget target) {
        try {
            NetworkChannel channel = namespace.run(() -> open(target.protocol(), source, destination));
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            return new Probe(
                    channel,
                    new Flow(
                            target.protocol(),
                            source.map(Set::of).orElse(Set.of()),
                            OptionalInt.of(port),
                            destination,
                            target.port(),
                            Flow.Origin.ANYWHERE));
        } catch (Exception failure) {
            throw ClientException.of("cannot send from "
                    + source.map(IpAddress::toString).orElse("there") + ": " + failure.getMessage());
        }
    }

    private static NetworkChannel open(TransportProtocol protocol, Optional<IpAddress> source, IpAddress destination)
            throws IOException {
        ProtocolFamily family =
                destination.family() == AddressFamily.INET ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        NetworkChannel channel =
                protocol == TransportProtocol.TCP ? SocketChannel.open(family) : DatagramChannel.open(family);
        try {
            IpAddress from = source.orElse(IpAddress.any(destination.family()));
            return channel.bind(new InetSocketAddress(from.toInetAddress(), 0));
        } catch (IOException refusal) {
            channel.close();
            throw refusal;
        }
    }

    /** Whose packets it sends. */
    Flow flow() {
        return flow;
    }

    /**
     * Sends, and waits for an answer.
     *
     * @param longest how long at most
     * @param afterwards how long to look what becomes of a connection, where who takes it passes it on to another; zero: not at all
     */
    Outcome send(Duration longest, Duration afterwards) {
        InetSocketAddress to = new InetSocketAddress(flow.destination().toInetAddress(), flow.port());
        try {
            if (channel instanceof SocketChannel tcp) {
                tcp.socket().connect(to, (int) longest.toMillis());
                return afterwards.isZero() ? Outcome.ANSWERED : fate(tcp.socket(), afterwards);
            } else if (channel instanceof DatagramChannel udp) {
                udp.connect(to);
                udp.write(ByteBuffer.allocate(1));
                udp.socket().setSoTimeout((int) longest.toMillis());
                udp.socket().receive(new DatagramPacket(new byte[1], 1));
            }
            return Outcome.ANSWERED;
        } catch (SocketTimeoutException silence) {
            return Outcome.SILENCE;
        } catch (PortUnreachableException refused) {
            return Outcome.REFUSED;
        } catch (IOException failure) {
            // The connection was there already: a reset that comes instead of one is told as a refusal.
            boolean reset = String.valueOf(failure.getMessage()).contains("reset");
            Outcome connected = afterwards.isZero() ? Outcome.ANSWERED : Outcome.CUT;
            return reset ? connected : outcome(failure);
        }
    }

    private static Outcome fate(Socket connected, Duration longest) {
        try {
            connected.setSoTimeout((int) longest.toMillis());
            connected.getInputStream().read();
            return Outcome.ANSWERED;
        } catch (SocketTimeoutException silence) {
            return Outcome.TAKEN;
        } catch (IOException reset) {
            return Outcome.CUT;
        }
    }

    /** Java has one exception for several errors of connect(2). */
    private static Outcome outcome(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        // "Permission denied" is what ICMPv6 says for others, or a route of the sender's that prohibits.
        if (message.contains("Operation not permitted")) {
            return Outcome.FORBIDDEN;
        }
        if (message.contains("timed out")) {
            return Outcome.SILENCE;
        }
        return failure instanceof ConnectException && message.contains("refused")
                ? Outcome.REFUSED
                : Outcome.UNREACHABLE;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException closed) {
            throw ClientException.of("cannot close a socket: " + closed.getMessage());
        }
    }
}
