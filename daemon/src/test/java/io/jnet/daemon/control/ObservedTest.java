package io.jnet.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.cni.CniPlugin;
import io.jnet.daemon.http.TcpHttpServer;
import io.jnet.daemon.metrics.Metrics;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.socket.ListenAddress;
import io.jnet.daemon.socket.SocketUnavailableException;
import io.jnet.driver.FakeEngine;
import io.jnet.engine.store.StateStore;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.pool.PoolSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told over TCP. */
class ObservedTest {
    @TempDir
    private static Path folder;

    private static final FakeEngine ENGINE = new FakeEngine();
    private static StateStore store;
    private static ListenAddress address;
    private static TcpHttpServer server;

    /** One for all: its end waits a second for the clients of each. */
    @BeforeAll
    static void start() throws IOException {
        store = StateStore.open(folder.resolve("state"), "test");
        AddressPools pools = new AddressPools(store, PoolSettings.DEFAULT, Set::of, Clock.systemUTC(), "boot");
        Backend backend = new Backend(
                ENGINE, pools, new CniPlugin(ENGINE, pools), store, new ArrayDeque<>(List.of(ENGINE, store)));
        address = ListenAddress.parse("127.0.0.1:" + freePort());
        server = TcpHttpServer.start(address, new Observed(new Metrics(() -> backend, "1.2.3"))::onlyRoutes);
    }

    @AfterAll
    static void stop() {
        server.close();
        store.close();
    }

    @Test
    void metricsAreText() throws Exception {
        HttpResponse<String> answer = ask("GET", "/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
        assertThat(answer.body()).contains("jnet_networks 0.0\n").endsWith("\n");
    }

    @Test
    void healthIsOkOrSaysWhatIsWrong() throws Exception {
        assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/health").body()).isEqualTo("ok\n");

        ENGINE.trouble("the disk is full");
        ENGINE.trouble("the rules are gone");

        assertThat(ask("GET", "/health").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/health").body()).isEqualTo("the disk is full\nthe rules are gone\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /",
        "GET, /v1/status",
        "GET, /v1/state",
        "DELETE, /v1/networks/web",
        "POST, /NetworkDriver.CreateNetwork",
        "POST, /metrics",
        "PUT, /health"
    })
    void nothingElseIsThere(String method, String path) throws Exception {
        assertThat(ask(method, path).statusCode()).isIn(404, 405);
    }

    @Test
    void aTakenAddressIsNamed() {
        assertThatThrownBy(() -> TcpHttpServer.start(address, routes -> {}))
                .isInstanceOf(SocketUnavailableException.class)
                .hasMessage("cannot listen on " + address + ": Address already in use");
    }

    private static HttpResponse<String> ask(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
