package io.jnet.daemon.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.NativeBuffer;
import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixConnection.Received;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A question that is on its way from {@code jnet-cni}. Of one thread.
 *
 * <pre>
 * struct question { char magic[8]; uint32_t environment; uint32_t input; };  in the machine's byte order
 * </pre>
 *
 * <p>The variables follow, each ended by a zero byte, then the input. Room is made for them when the head says how much.
 */
final class CniArrival {
    private static final byte[] MAGIC = "jnetcni1".getBytes(UTF_8);
    private static final int HEADER = 16;
    private static final int LARGEST_ENVIRONMENT = 256 * 1024;
    private static final int LARGEST_INPUT = 8 * 1024 * 1024;
    /** What a question for a container with a few dozen ports has. */
    private static final int LIGHT = 16 * 1024;
    /** The caller's namespace, the container's, and a socket in that. */
    private static final int MOST_DESCRIPTORS = 3;

    /** How far it is. */
    enum Progress {
        /** More is to come. */
        WAITS,
        /** It is large: no more of it is read before {@link #admit}. */
        HEAVY,
        /** All of it is there. */
        WHOLE
    }

    private final UnixConnection connection;
    private long begin = System.nanoTime();
    private final List<Descriptor> descriptors = new ArrayList<>();
    private final Part head = new Part(HEADER);
    private Optional<Part> environment = Optional.empty();
    private Optional<Part> input = Optional.empty();
    private boolean admitted;

    CniArrival(UnixConnection connection) {
        this.connection = connection;
    }

    UnixConnection connection() {
        return connection;
    }

    /** When it began to arrive, as {@link System#nanoTime} has it: a heavy one that was let in, then. */
    long begin() {
        return begin;
    }

    /** Lets a heavy one be read on. */
    void admit() {
        admitted = true;
        begin = System.nanoTime();
    }

    /** Whether it was heavy, and let in. */
    boolean isAdmitted() {
        return admitted;
    }

    /**
     * Takes what is there of it.
     *
     * @param room for the bytes on their way
     * @throws IllegalArgumentException when it is no question, with what is wrong
     * @throws KernelException when the connection broke
     */
    Progress read(NativeBuffer room) {
        if (!fill(head, room)) {
            return Progress.WAITS;
        }
        if (input.isEmpty()) {
            ByteBuffer lengths = ByteBuffer.wrap(head.bytes).order(ByteOrder.nativeOrder());
            if (!Arrays.equals(MAGIC, Arrays.copyOf(head.bytes, MAGIC.length))) {
                throw new IllegalArgumentException("not a question of jnet-cni");
            }
            int variables = length(lengths.getInt(MAGIC.length), LARGEST_ENVIRONMENT);
            int text = length(lengths.getInt(MAGIC.length + Integer.BYTES), LARGEST_INPUT);
            if (variables + text > LIGHT && !admitted) {
                return Progress.HEAVY;
            }
            environment = Optional.of(new Part(variables));
            input = Optional.of(new Part(text));
        }
        return fill(environment.orElseThrow(), room) && fill(input.orElseThrow(), room)
                ? Progress.WHOLE
                : Progress.WAITS;
    }

    /** What has arrived as a whole; its descriptors are its own to close now. */
    CniQuestion question() {
        String variables = new String(environment.orElseThrow().bytes, UTF_8);
        return new CniQuestion(CniQuestion.variables(variables), input.orElseThrow().bytes, descriptors);
    }

    /** Gives the connection up. */
    void drop() {
        descriptors.forEach(Descriptor::close);
        connection.close();
    }

    /** Whether a part is there as a whole, now that it has got what was there. */
    private boolean fill(Part wanted, NativeBuffer room) {
        while (wanted.filled < wanted.bytes.length) {
            Optional<Received> received = connection.receiveNow(room, wanted.bytes.length - wanted.filled);
            if (received.isEmpty()) {
                return false;
            }
            descriptors.addAll(received.get().descriptors());
            byte[] data = received.get().data();
            if (data.length == 0) {
                throw new IllegalArgumentException("the question broke off");
            }
            if (descriptors.size() > MOST_DESCRIPTORS) {
                throw new IllegalArgumentException("too many descriptors with the question");
            }
            System.arraycopy(data, 0, wanted.bytes, wanted.filled, data.length);
            wanted.filled += data.length;
        }
        return true;
    }

    private static int length(int length, int largest) {
        if (length < 0 || length > largest) {
            throw new IllegalArgumentException("a part of the question is too large");
        }
        return length;
    }

    /** Bytes of which the first ones are there. */
    private static final class Part {
        private final byte[] bytes;
        private int filled;

        Part(int length) {
            bytes = new byte[length];
        }
    }
}
