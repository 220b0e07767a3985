package io.jnet.dns;

import io.jnet.dns.server.ServerSet;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A name server on loopback, by UDP and TCP at one port, that says what a test has it say. */
public final class FakeServer implements AutoCloseable {
    /** The datagrams or messages that answer a query. */
    @FunctionalInterface
    public interface Script {
        List<byte[]> answers(Message query, boolean tcp) throws IOException;
    }

    /** Answers nothing. */
    public static final Script SILENT = (query, tcp) -> List.of();

    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final List<Message> queries = new CopyOnWriteArrayList<>();
    private final List<InetSocketAddress> clients = new CopyOnWriteArrayList<>();
    private final List<Thread> threads;
    private volatile Script script;

    public FakeServer(Script script) {
        this.script = script;
        try {
            connections = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            datagrams = new DatagramSocket(connections.getLocalPort(), InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        threads = Stream.<Runnable>of(this::serveDatagrams, this::serveConnections)
                .map(work -> new Thread(work, "fake-name-server"))
                .toList();
        threads.forEach(Thread::start);
    }

    /** Another script from now on. */
    public void say(Script other) {
        script = other;
    }

    /** Where it is, as a set of servers. */
    public static ServerSet set(FakeServer... servers) {
        return new ServerSet(Stream.of(servers).map(FakeServer::address).toList());
    }

    /** Where it is. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), connections.getLocalPort());
    }

    /** As an option has it. */
    public String text() {
        return "127.0.0.1#" + connections.getLocalPort();
    }

    /** What it was asked so far. */
    public List<Message> queries() {
        return List.copyOf(queries);
    }

    /** From where it was asked by UDP so far. */
    public List<InetSocketAddress> clients() {
        return List.copyOf(clients);
    }

    /** Answers these records of dnsjava's text form, as {@code web.test. 60 IN A 192.0.2.1}, to every question. */
    public static Script records(String... lines) {
        return (query, tcp) -> List.of(answer(query, lines).toWire());
    }

    /** An answer to a query with such records; those of SOA and NS are authorities. */
    public static Message answer(Message query, String... lines) throws IOException {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RD);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        for (Record record : Records.of(lines)) {
            answer.addRecord(record, Records.isAuthority(record) ? Section.AUTHORITY : Section.ANSWER);
        }
        return answer;
    }

    /** Sends a datagram from its port. */
    public void send(byte[] message, InetSocketAddress client) throws IOException {
        datagrams.send(new DatagramPacket(message, message.length, client));
    }

    private void serveDatagrams() {
        byte[] buffer = new byte[65_536];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
                queries.add(query);
                clients.add((InetSocketAddress) packet.getSocketAddress());
                for (byte[] answer : script.answers(query, false)) {
                    datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException ended) {
                // Closed, or a client that went: the next one.
                Thread.onSpinWait();
            }
        }
    }

    private void serveConnections() {
        while (!connections.isClosed()) {
            try (Socket socket = connections.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                Message query = new Message(in.readNBytes(in.readUnsignedShort()));
                queries.add(query);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                for (byte[] answer : script.answers(query, true)) {
                    out.writeShort(answer.length);
                    out.write(answer);
                }
                out.flush();
            } catch (IOException ended) {
                // Closed, or a client that went: the next one.
                Thread.onSpinWait();
            }
        }
    }

    /** The ports are nobody's when this returns: until its thread has noticed, a socket takes datagrams. */
    @Override
    public void close() {
        datagrams.close();
        try {
            connections.close();
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
