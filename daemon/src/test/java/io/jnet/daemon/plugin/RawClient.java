package io.jnet.daemon.plugin;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client that writes bytes as they are, and reads one answer at a time. */
final class RawClient implements Closeable {
    private final SocketChannel channel;

    private RawClient(SocketChannel channel) {
        this.channel = channel;
    }

    static RawClient connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new RawClient(channel);
    }

    /** One request as dockerd 20.10.24 writes it: the Host field is empty. */
    static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n" + body;
    }

    RawClient send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** Ends this side's half of the connection, as a client that dies does. */
    RawClient endOfInput() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /** One answer with a Content-Length: status line and body. */
    Answer read() throws IOException {
        String head = readUntilBlankLine();
        int length = 0;
        for (String line : head.lines().toList()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        byte[] body = new byte[length];
        ByteBuffer rest = ByteBuffer.wrap(body);
        while (rest.hasRemaining()) {
            if (channel.read(rest) < 0) {
                throw new IOException("connection ended in an answer's body");
            }
        }
        return new Answer(
                head.isEmpty() ? 0 : Integer.parseInt(head.substring(9, 12)),
                head,
                new String(body, StandardCharsets.UTF_8));
    }

    /** Whether the server has closed the connection; waits for bytes or the end. */
    boolean isClosed() throws IOException {
        return channel.read(ByteBuffer.allocate(1)) < 0;
    }

    /** Reads what comes until the server has closed the connection. */
    void awaitEnd() throws IOException {
        ByteBuffer sink = ByteBuffer.allocate(1024);
        while (channel.read(sink) >= 0) {
            sink.clear();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private String readUntilBlankLine() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            one.clear();
            if (channel.read(one) < 0) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
            head.write(one.get(0));
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /**
     * An answer.
     *
     * @param status 0 when the connection ended instead
     * @param head status line and fields
     * @param body the body
     */
    record Answer(int status, String head, String body) {}
}
