package io.jnet.daemon.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixConnection.Received;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code jnet-cni} sends.
 *
 * <pre>
 * struct question { char magic[8]; uint32_t environment; uint32_t input; };  in the machine's byte order
 * </pre>
 *
 * @param environment the variables
 * @param input its standard input
 * @param descriptors its own network namespace, and the container's where it could be opened; the receiver's to close
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record CniQuestion(Map<String, String> environment, byte[] input, List<Descriptor> descriptors)
        implements AutoCloseable {
    private static final byte[] MAGIC = "jnetcni1".getBytes(UTF_8);
    private static final int HEADER = 16;
    private static final int LARGEST_ENVIRONMENT = 256 * 1024;
    private static final int LARGEST_INPUT = 8 * 1024 * 1024;

    /**
     * Reads one from a connection.
     *
     * @throws IllegalArgumentException when it is none, with what is wrong
     */
    static CniQuestion receive(UnixConnection connection) {
        List<Descriptor> descriptors = new ArrayList<>();
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            fill(connection, bytes, HEADER, descriptors);
            ByteBuffer header = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.nativeOrder());
            if (!Arrays.equals(MAGIC, Arrays.copyOf(header.array(), MAGIC.length))) {
                throw new IllegalArgumentException("not a question of jnet-cni");
            }
            int environment = length(header.getInt(MAGIC.length), LARGEST_ENVIRONMENT);
            int input = length(header.getInt(MAGIC.length + Integer.BYTES), LARGEST_INPUT);
            fill(connection, bytes, HEADER + environment + input, descriptors);
            byte[] all = bytes.toByteArray();
            return new CniQuestion(
                    variables(new String(all, HEADER, environment, UTF_8)),
                    Arrays.copyOfRange(all, HEADER + environment, HEADER + environment + input),
                    descriptors);
        } catch (RuntimeException refused) {
            descriptors.forEach(Descriptor::close);
            throw refused;
        }
    }

    @Override
    public void close() {
        descriptors.forEach(Descriptor::close);
    }

    private static void fill(
            UnixConnection connection, ByteArrayOutputStream bytes, int wanted, List<Descriptor> descriptors) {
        while (bytes.size() < wanted) {
            Received received = connection.receive();
            descriptors.addAll(received.descriptors());
            if (received.data().length == 0) {
                throw new IllegalArgumentException("the question broke off");
            }
            bytes.writeBytes(received.data());
        }
    }

    private static int length(int length, int largest) {
        if (length < 0 || length > largest) {
            throw new IllegalArgumentException("a part of the question is too large");
        }
        return length;
    }

    private static Map<String, String> variables(String text) {
        Map<String, String> variables = new HashMap<>();
        for (String variable : text.split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }
}
