package io.jnet.testbed.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** One lasting connection to a plugin socket. */
public final class PluginClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 (\\d+)");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    private PluginClient(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects.
     *
     * @throws UncheckedIOException when nobody listens
     */
    public static PluginClient connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return new PluginClient(channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("connect to " + socket, e);
        }
    }

    /**
     * Makes a call and waits for its answer.
     *
     * @param method such as {@code NetworkDriver.Join}
     * @param request what becomes the JSON body
     * @return the answer's JSON
     * @throws IllegalStateException with the answer when it is not a success
     */
    public String call(String method, Object request) {
        byte[] body = JSON.writeValueAsBytes(request);
        String head = "POST /%s HTTP/1.1\r\nHost: \r\nContent-Length: %d\r\n\r\n".formatted(method, body.length);
        try {
            write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            write(ByteBuffer.wrap(body));
            return readAnswer(method);
        } catch (IOException e) {
            throw new UncheckedIOException(method, e);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private String readAnswer(String method) throws IOException {
        buffer.clear();
        String answer = "";
        do {
            if (channel.read(buffer) < 0) {
                throw new IOException("connection closed after " + answer);
            }
            answer = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        } while (!isComplete(answer));
        Matcher status = STATUS.matcher(answer);
        if (!status.find() || !status.group(1).equals("200")) {
            throw new IllegalStateException(method + ": " + answer);
        }
        return answer.substring(answer.indexOf(END_OF_HEAD) + END_OF_HEAD.length());
    }

    private static boolean isComplete(String answer) {
        int end = answer.indexOf(END_OF_HEAD);
        Matcher length = LENGTH.matcher(answer);
        return end >= 0
                && length.find()
                && answer.substring(end + END_OF_HEAD.length()).getBytes(StandardCharsets.UTF_8).length
                        >= Integer.parseInt(length.group(1));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
