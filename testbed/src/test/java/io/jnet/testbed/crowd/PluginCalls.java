package io.jnet.testbed.crowd;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls of the plugin protocol over one connection, as dockerd makes them. */
final class PluginCalls implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)");
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    private PluginCalls(SocketChannel channel) {
        this.channel = channel;
    }

    static PluginCalls connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new PluginCalls(channel);
    }

    /** Makes a call with this JSON body, quotes written as apostrophes, and gives the answer's body, which may be an error. */
    String call(String method, String body) throws IOException {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        String head = "POST /NetworkDriver.%s HTTP/1.1\r\nHost: \r\nContent-Length: %d\r\n\r\n"
                .formatted(method, bytes.length);
        write(head.getBytes(StandardCharsets.US_ASCII));
        write(bytes);
        return answer();
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private String answer() throws IOException {
        buffer.clear();
        while (true) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the connection was closed in place of an answer");
            }
            String answer =
                    StandardCharsets.UTF_8.decode(buffer.duplicate().flip()).toString();
            int end = answer.indexOf(END_OF_HEAD) + END_OF_HEAD.length();
            Matcher length = LENGTH.matcher(answer);
            if (end >= END_OF_HEAD.length()
                    && length.find()
                    && answer.length() - end >= Integer.parseInt(length.group(1))) {
                return answer.substring(end);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
