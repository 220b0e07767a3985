package io.jnet.dns;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.jnet.dns.query.Query;
import io.jnet.dns.query.Query.Transport;
import io.jnet.dns.query.Responder;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A client that asks a responder and reads its answers with dnsjava. */
public final class Asking {
    private static final int PATIENCE = 30;

    private final Responder responder;
    private final NetworkId network;
    private final IpAddress client;

    public Asking(Responder responder, NetworkId network, String client) {
        this.responder = responder;
        this.network = network;
        this.client = IpAddress.parse(client);
    }

    /** The answers to a name's type, one line each: {@code NAME TTL TYPE DATA}; without any, the rcode's name. */
    public List<String> ask(String name, String type) {
        return lines(answer(query(name, type)));
    }

    /** A plain query with a random id. */
    public static Message query(String name, String type) {
        return Message.newQuery(Record.newRecord(name(name), Type.value(type), DClass.IN));
    }

    /** The answer to a query. */
    public Message answer(Message query) {
        return answer(query, Transport.UDP);
    }

    /** The answer to a query that came so. */
    public Message answer(Message query, Transport transport) {
        return read(raw(query.toWire(), transport).orElseThrow(() -> new AssertionError("no answer")));
    }

    /** The answer to any bytes; empty: none within some seconds. */
    public Optional<byte[]> raw(byte[] message, Transport transport) {
        BlockingQueue<ByteBuffer> answers = send(message, transport);
        try {
            return Optional.ofNullable(answers.poll(PATIENCE, SECONDS)).map(Asking::bytes);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Asks, and does not wait. */
    public BlockingQueue<ByteBuffer> send(byte[] message, Transport transport) {
        BlockingQueue<ByteBuffer> answers = new LinkedBlockingQueue<>();
        responder.respond(new Query(ByteBuffer.wrap(message), network, client, transport), answers::add);
        return answers;
    }

    /** The bytes of a buffer. */
    public static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** The answers of a message as {@link #ask} has them. */
    public static List<String> lines(Message message) {
        List<String> lines = message.getSection(Section.ANSWER).stream()
                .map(record -> record.getName().toString(true) + " " + record.getTTL() + " "
                        + Type.string(record.getType()) + " " + record.rdataToString())
                .toList();
        return lines.isEmpty() ? List.of(Rcode.string(message.getRcode())) : lines;
    }

    /** A message. */
    public static Message read(byte[] message) {
        try {
            return new Message(message);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    /** An absolute name. */
    public static Name name(String name) {
        try {
            return Name.fromString(name, Name.root);
        } catch (TextParseException noName) {
            throw new IllegalArgumentException(noName);
        }
    }
}
