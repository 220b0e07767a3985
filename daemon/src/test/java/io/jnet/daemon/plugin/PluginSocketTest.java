package io.jnet.daemon.plugin;

import static io.jnet.daemon.plugin.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.metrics.OperationListener;
import io.jnet.daemon.plugin.RawClient.Answer;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.driver.FakeEngine;
import io.jnet.driver.NetworkDriver;
import io.jnet.plugin.DockerPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin socket as raw bytes see it. */
@Timeout(60)
final class PluginSocketTest {
    private static final int THREADS = 4;
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final Duration SHORT_STALL = Duration.ofMillis(300);
    private static final String CREATE =
            """
            {"NetworkID":"%s","Options":{"com.docker.network.enable_ipv6":false,"com.docker.network.generic":{}},\
            "IPv4Data":[{"AddressSpace":"LocalDefault","Gateway":"10.77.%d.1/24","Pool":"10.77.%d.0/24"}],"IPv6Data":[]}
            """;

    @TempDir
    private Path folder;

    private final FakeEngine engine = new FakeEngine();
    private Path socket;
    private UnixHttpServer server;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("plugins/jnet.sock");
        server = start(PeerPolicy.of(userId()), STALL, STALL);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void answers_a_request_with_an_empty_host() throws IOException {
        try (RawClient client = RawClient.connect(socket)) {
            Answer answer = client.send(post("/Plugin.Activate", "")).read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"Implements\":[\"NetworkDriver\"]}");
        }
    }

    @Test
    void answers_many_requests_on_one_connection_even_when_written_at_once() throws IOException {
        try (RawClient client = RawClient.connect(socket)) {
            client.send(post("/Plugin.Activate", "")
                    + post("/NetworkDriver.CreateNetwork", CREATE.formatted("a", 1, 1))
                    + post("/NetworkDriver.GetCapabilities", ""));
            assertThat(client.read().body()).contains("Implements");
            assertThat(client.read().body()).isEqualTo("{}");
            assertThat(client.read().body())
                    .isEqualTo("{\"Scope\":\"local\",\"ConnectivityScope\":\"local\",\"GwAllocChecker\":true}");
        }
        assertThat(engine.networks()).hasSize(1);
    }

    @Test
    void reads_a_chunked_body() throws IOException {
        String body = CREATE.formatted("b", 2, 2);
        int half = body.length() / 2;
        String chunked = Integer.toHexString(half) + "\r\n" + body.substring(0, half) + "\r\n"
                + Integer.toHexString(body.length() - half) + "\r\n" + body.substring(half) + "\r\n0\r\n\r\n";
        try (RawClient client = RawClient.connect(socket)) {
            Answer answer = client.send("POST /NetworkDriver.CreateNetwork HTTP/1.1\r\nHost: x\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n" + chunked)
                    .read();
            assertThat(answer.status()).isEqualTo(200);
        }
        assertThat(engine.networks()).hasSize(1);
    }

    @Test
    void refuses_an_oversized_body_in_one_line_and_stays_up() throws IOException {
        try (RawClient client = RawClient.connect(socket)) {
            Answer answer = client.send("POST /NetworkDriver.CreateNetwork HTTP/1.1\r\nHost: \r\nContent-Length: "
                            + (PluginSocket.LARGEST_BODY + 1) + "\r\n\r\n{")
                    .read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("\"Err\":\"request body too large: at most 8388608 bytes\"");
        }
        answers_a_request_with_an_empty_host();
    }

    @Test
    void refuses_an_oversized_chunked_body() throws IOException {
        try (RawClient client = RawClient.connect(socket)) {
            String chunk = "100000\r\n" + " ".repeat(0x100000) + "\r\n";
            client.send("POST /NetworkDriver.CreateNetwork HTTP/1.1\r\nHost: \r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 8; i++) {
                client.send(chunk);
            }
            assertThat(client.send("1\r\n \r\n").read().status()).isEqualTo(413);
        }
    }

    @Test
    void creates_nothing_from_a_truncated_body() throws IOException {
        String body = CREATE.formatted("c", 3, 3);
        for (int length : new int[] {0, 1, body.length() / 2, body.length() - 3}) {
            try (RawClient client = RawClient.connect(socket)) {
                String whole = post("/NetworkDriver.CreateNetwork", body);
                client.send(whole.substring(0, whole.length() - body.length() + length))
                        .endOfInput();
                assertThat(client.read().status()).isIn(0, 400);
            }
        }
        assertThat(engine.networks()).isEmpty();
    }

    @Test
    void answers_an_unknown_method_with_404_and_json() throws IOException {
        try (RawClient client = RawClient.connect(socket)) {
            Answer unknown =
                    client.send(post("/NetworkDriver.NoSuchThing", "{}")).read();
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.body()).contains("\"Err\":\"unknown method").contains("\"Error\":\"unknown method");
            assertThat(client.send(post("/a/b/c", "{}")).read().status()).isEqualTo(404);
            Answer get = client.send("GET /Plugin.Activate HTTP/1.1\r\nHost: \r\n\r\n")
                    .read();
            assertThat(get.status()).isEqualTo(404);
            assertThat(get.body()).contains("\"Err\"");
        }
    }

    @Test
    void answers_what_is_no_http_in_json() throws IOException {
        try (RawClient client = RawClient.connect(socket)) {
            Answer answer =
                    client.send("POST what is this HTTP/1.1\r\nHost: \r\n\r\n").read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).startsWith("{\"Err\":\"HTTP 400");
        }
    }

    @Test
    void a_silent_connection_stays_open_and_usable() throws Exception {
        restartWithShortStall();
        try (RawClient client = RawClient.connect(socket)) {
            client.send(post("/Plugin.Activate", "")).read();
            Thread.sleep(SHORT_STALL.toMillis() * 3); // the time itself is what is tested
            assertThat(client.send(post("/Plugin.Activate", "")).read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_client_that_stalls_inside_a_request_is_let_go() throws IOException {
        restartWithShortStall();
        try (RawClient inBody = RawClient.connect(socket);
                RawClient inHead = RawClient.connect(socket)) {
            inBody.send("POST /NetworkDriver.Join HTTP/1.1\r\nHost: \r\nContent-Length: 100\r\n\r\n{");
            inHead.send("POST /NetworkDriver.Join HT");
            assertThat(inBody.read().status()).isIn(0, 400, 408, 500);
            inHead.awaitEnd();
        }
    }

    @Test
    void a_thousand_silent_connections_do_not_stop_the_next_one() throws IOException {
        List<RawClient> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                silent.add(RawClient.connect(socket));
            }
            answers_a_request_with_an_empty_host();
        } finally {
            for (RawClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void a_crowd_that_is_slow_to_send_holds_up_nobody() throws IOException {
        try (SlowCrowd crowd = new SlowCrowd(socket, THREADS * 4)) {
            crowd.begin("Content-Length: 100");
            crowd.begin("Content-Length: 1000000");
            crowd.begin("Transfer-Encoding: chunked");
            Instant start = Instant.now();

            answers_a_request_with_an_empty_host();
            answers_many_requests_on_one_connection_even_when_written_at_once();

            assertThat(Duration.between(start, Instant.now())).isLessThan(STALL.dividedBy(3));
        }
    }

    @Test
    void who_is_slow_to_send_is_told_so_and_large_requests_go_on() throws IOException {
        server.close();
        // Time enough for a large request among so many that stall.
        server = start(PeerPolicy.of(userId()), STALL, Duration.ofSeconds(3));
        try (SlowCrowd small = new SlowCrowd(socket, THREADS * 2);
                SlowCrowd large = new SlowCrowd(socket, THREADS * 2);
                RawClient next = RawClient.connect(socket)) {
            small.begin("Content-Length: 100");
            large.begin("Content-Length: 1000000");
            String body = CREATE.formatted("big", 9, 9) + " ".repeat(1_000_000);

            Answer answer =
                    next.send(post("/NetworkDriver.CreateNetwork", body)).read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(small.answers()).allSatisfy(late -> {
                assertThat(late.status()).isEqualTo(408);
                assertThat(late.body()).contains("\"Err\":\"request body not complete within 3000 ms\"");
            });
            assertThat(large.answers()).extracting(Answer::status).containsOnly(408);
        }
        assertThat(engine.networks()).hasSize(1);
    }

    @Test
    void a_byte_now_and_then_does_not_keep_a_request_alive() throws Exception {
        server.close();
        server = start(PeerPolicy.of(userId()), STALL, SHORT_STALL);
        try (RawClient client = RawClient.connect(socket)) {
            client.send("POST /NetworkDriver.Join HTTP/1.1\r\nHost: \r\nContent-Length: 100000\r\n\r\n{");
            Instant end = Instant.now().plusSeconds(20);
            assertThatThrownBy(() -> {
                        while (Instant.now().isBefore(end)) {
                            client.send(" ");
                            Thread.sleep(20); // the pace is what is tested
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(client.read().status()).isEqualTo(408);
        }
    }

    @Test
    void serves_more_simultaneous_calls_than_it_has_threads() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(THREADS * 8);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < THREADS * 8; i++) {
                String body = CREATE.formatted("n" + i, i, i);
                calls.add(() -> {
                    try (RawClient client = RawClient.connect(socket)) {
                        return client.send(post("/NetworkDriver.CreateNetwork", body))
                                .read()
                                .status();
                    }
                });
            }
            for (Future<Integer> status : clients.invokeAll(calls)) {
                assertThat(status.get()).isEqualTo(200);
            }
        } finally {
            clients.shutdown();
        }
        assertThat(engine.networks()).hasSize(THREADS * 8);
    }

    @Test
    void closes_the_connection_of_another_user_before_it_reads() throws IOException {
        server.close();
        server = start(PeerPolicy.of(userId() + 1), STALL, STALL);
        try (RawClient client = RawClient.connect(socket)) {
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void the_socket_is_its_owners_only() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                .isEqualTo("rwx------");
        assertThat(socket.getParent()).isDirectoryNotContaining(file -> !file.equals(socket));
    }

    private UnixHttpServer start(PeerPolicy peers, Duration stall, Duration arrival) {
        DockerPlugin driver = new DockerPlugin(List.of(NetworkDriver.on(engine)));
        SocketFile file = SocketFile.at(socket);
        file.prepare();
        UnixHttpServer bound = PluginSocket.bind(
                file,
                () -> driver,
                OperationListener.NONE,
                new ServerLimits(THREADS, stall, arrival, PluginSocket.LARGEST_BODY, peers));
        bound.publish();
        return bound;
    }

    private void restartWithShortStall() throws IOException {
        server.close();
        server = start(PeerPolicy.of(userId()), SHORT_STALL, STALL);
    }

    private static int userId() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }
}
