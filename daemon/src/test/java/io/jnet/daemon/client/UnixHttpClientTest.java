package io.jnet.daemon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixHttpClientTest {
    @TempDir
    private Path folder;

    /** The kernel accepts connections for a server that is stopped. */
    @Test
    void aServerThatNeverAnswersIsGivenUp() throws IOException {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server = listen(socket)) {
            assertThatThrownBy(() -> UnixHttpClient.ask(socket, HttpQuestion.get("/"), Duration.ofMillis(100)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no answer within 0 s");
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void anAnswerInTimeIsRead() throws IOException {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server = listen(socket)) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answer(server));
            HttpAnswer answer = UnixHttpClient.ask(socket, HttpQuestion.get("/"), Duration.ofSeconds(50));
            answering.join();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).asString(StandardCharsets.US_ASCII).isEqualTo("[]");
        }
    }

    private static ServerSocketChannel listen(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    private static void answer(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            client.read(ByteBuffer.allocate(1000));
            client.write(ByteBuffer.wrap("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"
                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
