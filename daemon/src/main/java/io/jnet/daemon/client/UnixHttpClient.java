package io.jnet.daemon.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks one question of a server on a Unix-domain socket. */
final class UnixHttpClient {
    private UnixHttpClient() {}

    /**
     * Sends a request without a body and reads the answer.
     *
     * @param method {@code GET} or {@code DELETE}
     * @param target path and query, percent-encoded
     * @throws IOException when the server cannot be reached or does not answer in HTTP
     */
    static HttpAnswer ask(Path socket, String method, String target) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String request = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return AnswerReader.read(channel);
        }
    }
}
