package io.jnet.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class UnixHttpServerTest {
    private static final Duration STALL = Duration.ofMillis(300);
    private static final String REQUEST = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir
    private Path folder;

    /** A first request loads hundreds of classes, which on a busy machine takes longer than the stall that is tested. */
    @BeforeEach
    void loadClasses() throws Exception {
        try (UnixHttpServer server = start(Duration.ofSeconds(30), Duration.ZERO, new CountDownLatch(0));
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(server.path()))) {
            assertThat(ask(client)).endsWith("slow answer");
        }
    }

    @Test
    void a_handler_that_is_slower_than_a_client_may_be_is_answered_and_its_connection_kept() throws Exception {
        try (UnixHttpServer server = start(STALL, STALL.multipliedBy(3), new CountDownLatch(0));
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(server.path()))) {
            for (int i = 0; i < 2; i++) {
                assertThat(ask(client)).startsWith("HTTP/1.1 200 ").endsWith("slow answer");
            }
        }
    }

    @Test
    void stopping_lets_a_running_request_end() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        UnixHttpServer server = start(STALL, STALL.multipliedBy(3), running);
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(server.path()))) {
            client.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            server.close();
            assertThat(read(client)).endsWith("slow answer");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void stopping_does_not_wait_for_silent_connections() throws Exception {
        // Of three: other work of the machine makes the single one slower, and nothing makes one faster.
        assertThat(List.of(closing(), closing(), closing()))
                .anyMatch(time -> time.compareTo(Duration.ofSeconds(3)) < 0);
    }

    /** How long a server takes to close that has a silent connection. */
    private Duration closing() throws IOException {
        UnixHttpServer server = start(STALL, STALL.multipliedBy(3), new CountDownLatch(0));
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(server.path()))) {
            assertThat(ask(client)).endsWith("slow answer");
            long began = System.nanoTime();
            server.close();
            Duration time = Duration.ofNanos(System.nanoTime() - began);
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            return time;
        }
    }

    private UnixHttpServer start(Duration stall, Duration work, CountDownLatch running) throws IOException {
        PeerPolicy owner = PeerPolicy.of((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        SocketFile socket = SocketFile.at(folder.resolve("s.sock"));
        socket.prepare();
        UnixHttpServer server = UnixHttpServer.bind(
                socket,
                new ServerLimits(2, stall, Duration.ofSeconds(30), 1024, owner),
                routes -> routes.get("/slow", context -> {
                    running.countDown();
                    Thread.sleep(work.toMillis()); // the time itself is what is tested
                    context.result("slow answer");
                }));
        server.publish();
        return server;
    }

    private static String ask(SocketChannel client) throws IOException {
        client.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
        return read(client);
    }

    private static String read(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        String text = "";
        while (!text.endsWith("answer") && client.read(buffer) >= 0) {
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
        }
        return text;
    }
}
