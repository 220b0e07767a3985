package io.jnet.daemon.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.cni.CniAnswer;
import io.jnet.cni.CniRequest;
import io.jnet.cni.protocol.CniCode;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixConnection.Received;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the daemon's CNI plugin as {@code jnet-cni} does, for the commands of people. */
public final class CniClient {
    /** Where the daemon's CNI socket is. */
    public static final String DEFAULT_SOCKET = "/run/jnet/cni.sock";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] MAGIC = "jnetcni1".getBytes(UTF_8);
    private static final int ELSEWHERE = 255;

    private final Path socket;

    public CniClient(Path socket) {
        this.socket = socket;
    }

    /**
     * Makes one call.
     *
     * @param environment the CNI variables
     * @param configuration the network configuration
     * @param container the container's namespace
     * @return the result; a missing node where there is none
     * @throws ClientException when the daemon does not run, or refuses; as not found when it knows no such container
     */
    public JsonNode call(Map<String, String> environment, String configuration, NetworkNamespace container) {
        CniAnswer answer = ask(new CniRequest(environment, configuration.getBytes(UTF_8), Optional.of(container)));
        JsonNode result = answer.output().length == 0 ? JSON.missingNode() : JSON.readTree(answer.output());
        if (answer.status() != 0) {
            String message = result.path("msg").asString("the daemon refused the call");
            throw result.path("code").asInt(0) == CniCode.UNKNOWN_CONTAINER.number()
                    ? ClientException.notFound(message)
                    : ClientException.of(message);
        }
        return result;
    }

    /**
     * Passes one call on as it is.
     *
     * @throws ClientException when the daemon does not run, or lives in another network namespace
     */
    public CniAnswer ask(CniRequest request) {
        try (UnixConnection connection = connect();
                NetworkNamespace own = NetworkNamespace.current()) {
            List<Descriptor> descriptors = new ArrayList<>(List.of(own.descriptor()));
            request.container().ifPresent(container -> descriptors.add(container.descriptor()));
            connection.send(question(request), descriptors);
            return answer(connection);
        } catch (KernelException broken) {
            throw brokenOff(broken);
        }
    }

    private UnixConnection connect() {
        try {
            return UnixConnection.connect(socket);
        } catch (KernelException refused) {
            throw ClientException.of(
                    refused.errno().equals(Errno.EACCES)
                            ? "no permission to use " + socket + ": run as root"
                            : "the daemon does not answer on " + socket
                                    + ": " + ControlClient.START
                                    + "; or name its socket with --cni-socket, which a managed plugin has not",
                    refused);
        }
    }

    private ClientException brokenOff(Exception cause) {
        return ClientException.of(
                "the daemon broke the call off on " + socket + ": it takes those of root only, else see its log",
                cause);
    }

    private static byte[] question(CniRequest request) {
        byte[] variables = request.environment().entrySet().stream()
                .filter(variable ->
                        variable.getKey().startsWith("CNI_") || CniRequest.FOUND_OUT.contains(variable.getKey()))
                .map(variable -> variable.getKey() + "=" + variable.getValue() + "\0")
                .collect(Collectors.joining())
                .getBytes(UTF_8);
        byte[] input = request.configuration();
        return ByteBuffer.allocate(MAGIC.length + 2 * Integer.BYTES + variables.length + input.length)
                .order(ByteOrder.nativeOrder())
                .put(MAGIC)
                .putInt(variables.length)
                .putInt(input.length)
                .put(variables)
                .put(input)
                .array();
    }

    private CniAnswer answer(UnixConnection connection) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Received received = connection.receive();
        while (received.data().length > 0) {
            bytes.writeBytes(received.data());
            received = connection.receive();
        }
        try {
            return answer(ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.nativeOrder()));
        } catch (BufferUnderflowException incomplete) {
            throw brokenOff(incomplete);
        }
    }

    private static CniAnswer answer(ByteBuffer bytes) {
        int status = bytes.getInt();
        int length = bytes.getInt();
        if (status == ELSEWHERE) {
            throw ClientException.of("the daemon lives in another network namespace than this command");
        }
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] output = new byte[length];
        bytes.get(output);
        return new CniAnswer(status, output);
    }
}
