package io.jnet.bench.names;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@code AskNames SERVER NAME COUNT WINDOW}: asks a server at port 53 for addresses of a name by UDP this many times, as many at a time as the
 * window says, each from a socket of its own, and prints how many were answered in a second, the median and the 99th percentile of the time
 * from question to answer in microseconds, and how many were lost.
 */
public final class AskNames {
    private static final int PORT = 53;
    private static final int HEADER = 12;
    private static final int FLAGS = 2;
    private static final int ANSWERS = 6;
    private static final int RCODE = 0xf;
    private static final int LARGEST = 4096;
    private static final int PATIENCE_MILLIS = 1000;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENTILE = 0.99;

    private final ByteBuffer question;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(LARGEST);
    private final long[] nanos;
    private int asked;
    private int answered;
    private int lost;

    private AskNames(String name, int count) {
        byte[] message = message(name);
        this.question = ByteBuffer.allocateDirect(message.length).put(message);
        this.nanos = new long[count];
    }

    /** A socket with one question under way. */
    private static final class Asker {
        private final DatagramChannel channel;
        private int id;
        private long since;

        private Asker(DatagramChannel channel) {
            this.channel = channel;
        }
    }

    /** Asks, as often again before as counts, so that code is compiled on both sides. */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress server = new InetSocketAddress(arguments[0], PORT);
        int count = Integer.parseInt(arguments[2]);
        int window = Integer.parseInt(arguments[3]);
        new AskNames(arguments[1], count).run(server, window);
        AskNames counted = new AskNames(arguments[1], count);
        long start = System.nanoTime();
        counted.run(server, window);
        counted.print((System.nanoTime() - start) / NANOS_PER_SECOND);
    }

    private void run(InetSocketAddress server, int window) throws IOException {
        List<Asker> askers = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < window; i++) {
                DatagramChannel channel = DatagramChannel.open();
                channel.connect(server);
                channel.configureBlocking(false);
                Asker asker = new Asker(channel);
                askers.add(asker);
                channel.register(selector, SelectionKey.OP_READ, asker);
                ask(asker);
            }
            while (answered + lost < nanos.length) {
                if (selector.select(PATIENCE_MILLIS) == 0) {
                    askers.forEach(this::giveUp);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    receive((Asker) key.attachment());
                }
                selector.selectedKeys().clear();
            }
        } finally {
            for (Asker asker : askers) {
                asker.channel.close();
            }
        }
    }

    private void ask(Asker asker) throws IOException {
        if (asked < nanos.length) {
            asker.id = asked++;
            asker.since = System.nanoTime();
            question.clear().putShort(0, (short) asker.id);
            asker.channel.write(question);
        } else {
            asker.since = 0;
        }
    }

    private void receive(Asker asker) throws IOException {
        answer.clear();
        if (asker.channel.read(answer) < HEADER || answer.getShort(0) != (short) asker.id || asker.since == 0) {
            return;
        }
        if ((answer.getShort(FLAGS) & RCODE) != 0 || answer.getShort(ANSWERS) == 0) {
            throw new IOException("answered with an error, or nothing: flags " + answer.getShort(FLAGS));
        }
        nanos[answered++] = System.nanoTime() - asker.since;
        ask(asker);
    }

    private void giveUp(Asker asker) {
        if (asker.since != 0) {
            lost++;
            try {
                ask(asker);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void print(double seconds) {
        long[] sorted = Arrays.copyOf(nanos, answered);
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%.0f %.1f %.1f %d%n",
                answered / seconds,
                sorted[answered / 2] / NANOS_PER_MICRO,
                sorted[(int) (answered * PERCENTILE)] / NANOS_PER_MICRO,
                lost);
    }

    /** Header, recursion desired, one question: the name, A, IN (RFC 1035 section 4.1). */
    private static byte[] message(String name) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.", -1)) {
            message.write(label.length());
            message.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        message.writeBytes(new byte[] {0, 0, 1, 0, 1});
        return message.toByteArray();
    }
}
