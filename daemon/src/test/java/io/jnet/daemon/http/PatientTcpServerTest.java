package io.jnet.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.javalin.config.RoutesConfig;
import io.jnet.daemon.socket.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatientTcpServerTest {
    private static final Duration PAUSE = Duration.ofMillis(50);

    @Test
    void aTakenAddressIsHadAsSoonAsItIsFree() throws Exception {
        CountDownLatch tries = new CountDownLatch(3);
        ServerSocket other = listen(0);
        ListenAddress address = ListenAddress.parse("127.0.0.1:" + other.getLocalPort());
        try (PatientTcpServer server = PatientTcpServer.start(
                address,
                routes -> {
                    tries.countDown();
                    tell(routes);
                },
                PAUSE)) {
            assertThat(server).isNotNull();
            assertThat(tries.await(30, TimeUnit.SECONDS)).isTrue();
            other.close();
            assertThat(answer(address)).isEqualTo("here");
        }
        assertThatCode(() -> listen(address.port()).close())
                .as("after it was closed")
                .doesNotThrowAnyException();
    }

    /** One of TEST-NET-3, which no host has. */
    @Test
    void anAddressThatTheHostHasNotKeepsNobodyFromClosing() {
        ListenAddress address = ListenAddress.parse("203.0.113.77:9478");
        assertThatCode(() -> PatientTcpServer.start(address, PatientTcpServerTest::tell, Duration.ofDays(1))
                        .close())
                .doesNotThrowAnyException();
    }

    private static void tell(RoutesConfig routes) {
        routes.get("/", context -> context.result("here"));
    }

    private static String answer(ListenAddress address) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + address + "/")).build();
        while (true) {
            try {
                return HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException notYet) {
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
