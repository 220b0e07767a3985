package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is seen of a daemon from outside: metrics, health, the counters of ports, the log as JSON. */
@SystemTest
class MetricsSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LISTEN = "127.0.0.1:9478";
    private static final String WEB =
            "jnet_port_connections_total{address=\"0.0.0.0\",network=\"shop\",port=\"8080\",protocol=\"tcp\"}";
    private static final String JOINS = "jnet_operation_duration_seconds_count{front_end=\"docker\","
            + "operation=\"NetworkDriver.Join\",result=\"ok\"}";

    @BeforeAll
    static void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "about jnet's own daemon");
    }

    @Test
    void whatIsDoneAndSentIsSeenInTheNumbers() {
        LAB.host().shell("sysctl -q -w net.netfilter.nf_conntrack_acct=1");
        double joined = value(JOINS);
        serve();
        assertThat(value(JOINS)).isEqualTo(joined + 1);
        assertThat(value(WEB)).isZero();
        double sent = value("jnet_network_bytes_total{direction=\"to_containers\",network=\"shop\"}");

        for (int i = 0; i < 3; i++) {
            assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080))
                    .startsWith(Lab.OUTSIDE_ADDRESS + " ");
        }

        // A text is told again for a tenth of a second.
        Eventually.holds("three connections are told", PATIENCE, () -> value(WEB) == 3);
        assertThat(value("jnet_network_bytes_total{direction=\"to_containers\",network=\"shop\"}"))
                .isGreaterThan(sent + 3 * 3 * 40);
        assertThat(value("jnet_networks")).isEqualTo(1);
        assertThat(value("jnet_endpoints{state=\"joined\"}")).isEqualTo(1);
        assertThat(LAB.jnet().run("ports").orThrow().lines())
                .anyMatch(line -> line.matches("0\\.0\\.0\\.0:8080 .* shop +3 +[1-9][0-9]* +kernel"));
        JsonNode traffic = LAB.jnet().json("ports").get(0).path("traffic").get(0);
        assertThat(traffic.path("connections").asInt()).isEqualTo(3);
        assertThat(traffic.path("openBytes").asInt()).isGreaterThan(3 * 5 * 40);

        LAB.jnet().stop();
        LAB.jnet().startAgain();
        assertThat(value(WEB)).as("the kernel's count outlives the daemon").isEqualTo(3);
        assertRefusalIsCounted();
    }

    private static void assertRefusalIsCounted() {
        String refused = "{\"NetworkID\":\"none\",\"EndpointID\":\"none\",\"SandboxKey\":\"/x\",\"Options\":{}}";
        LAB.jnet().post("/NetworkDriver.Join", refused);
        Eventually.holds(
                "the refusal is counted",
                PATIENCE,
                () -> value("jnet_operation_errors_total{code=\"not_found\",front_end=\"docker\"}") == 1);
    }

    @Test
    void askingAllTheTimeKeepsNoOperationWaiting() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> scrapes = CompletableFuture.supplyAsync(() -> {
            int answered = 0;
            while (!done.get()) {
                assertThat(scrape("/metrics").orThrow().output()).contains("jnet_build_info{");
                answered++;
            }
            return answered;
        });
        try {
            for (int i = 0; i < 5; i++) {
                LAB.docker()
                        .idle("--network", "web", "--publish", (9000 + i) + ":80")
                        .remove();
            }
        } finally {
            done.set(true);
        }

        assertThat(scrapes.join()).isGreaterThan(5);
        assertThat(LAB.jnet().log()).doesNotContain("ERROR");
    }

    @Test
    void nothingListensOverTcpButWhereItIsTold() {
        assertThat(LAB.host()
                        .run("curl", "-sS", "http://" + LISTEN + "/metrics")
                        .succeeded())
                .isFalse();
        LAB.jnet().stop();
        try {
            assertListensByOption();
            assertListensByFile();
            assertATakenAddressIsWaitedFor();
        } finally {
            LAB.jnet().startAgain();
        }
    }

    private static void assertListensByOption() {
        try (BackgroundProcess jnet =
                LAB.host().start(command("daemon", "--metrics-listen", LISTEN, "--log-format", "json"))) {
            Eventually.holds(
                    "health is told over TCP", PATIENCE, () -> curl("/health").succeeded());
            assertThat(curl("/health").output()).isEqualTo("ok\n");
            assertThat(curl("/metrics").orThrow().output()).contains("jnet_healthy 1.0\n");
            assertThat(curl("/v1/status").succeeded()).isFalse();
            assertThat(LAB.host()
                            .run("curl", "-sS", "--fail", "-X", "DELETE", "http://" + LISTEN + "/v1/networks/web")
                            .succeeded())
                    .isFalse();
            assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 9478))
                    .as("from elsewhere")
                    .isFalse();

            LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
            assertLogIsJson(jnet.log());
            jnet.terminate();
            assertThat(jnet.waitForEnd(PATIENCE)).isZero();
        }
    }

    private static void assertLogIsJson(String log) {
        JsonMapper json = JsonMapper.builder().build();
        List<JsonNode> lines = log.lines().map(json::readTree).toList();
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.propertyNames()).contains("time", "level", "logger", "message"))
                .anySatisfy(line -> {
                    assertThat(line.path("message").asString()).isEqualTo("created network");
                    assertThat(line.path("bridge").asString()).startsWith("jbr-");
                });
    }

    private static void assertListensByFile() {
        LAB.host().shell("mkdir -p /etc/jnet; echo 'metrics.listen = 9478' > /etc/jnet/jnet.conf");
        try (BackgroundProcess jnet = LAB.host().start(command("daemon"))) {
            Eventually.holds(
                    "health is told over TCP", PATIENCE, () -> curl("/health").succeeded());
            jnet.terminate();
            assertThat(jnet.waitForEnd(PATIENCE)).isZero();
        } finally {
            LAB.host().shell("rm /etc/jnet/jnet.conf");
        }
    }

    private static void assertATakenAddressIsWaitedFor() {
        try (BackgroundProcess other =
                LAB.host().start("socat", "TCP-LISTEN:9478,bind=127.0.0.1,reuseaddr", "/dev/null")) {
            Eventually.holds("the port is taken", PATIENCE, () -> LAB.host()
                    .shell("ss -ltn")
                    .contains(LISTEN));
            try (BackgroundProcess jnet = LAB.host().start(command("daemon", "--metrics-listen", LISTEN))) {
                Eventually.holds(
                        "the daemon answers", PATIENCE, () -> scrape("/health").succeeded());
                assertThat(jnet.log())
                        .contains("cannot listen on " + LISTEN + ": Address already in use")
                        .doesNotContain("\tat ");
                assertThat(other.isAlive()).isTrue();
                other.terminate();
                Eventually.holds("health is told over TCP", PATIENCE, () -> curl("/health")
                        .succeeded());
                Eventually.holds(
                        "the log says so", PATIENCE, () -> jnet.log().contains("listening on " + LISTEN + " now"));
                jnet.terminate();
                assertThat(jnet.waitForEnd(PATIENCE)).isZero();
            }
        }
        CommandResult wrong = LAB.host().run(command("daemon", "--metrics-listen", "localhost:9478"));
        assertThat(wrong.exitStatus()).isEqualTo(2);
        assertThat(wrong.errors().lines()).hasSize(1);
    }

    @Test
    void healthSaysThatTheEngineStandsStill() {
        serve();
        LAB.jnet().stop();
        LAB.host().shell("mv /var/lib/jnet /var/lib/jnet.aside");
        LAB.jnet().startAgain();
        try {
            CommandResult health = LAB.host()
                    .run("curl", "-sS", "-w", "%{http_code}", "--unix-socket", JnetDaemon.SOCKET, "http://jnet/health");
            assertThat(health.orThrow().lines()).hasSize(2).last().isEqualTo("503");
            assertThat(health.lines().get(0))
                    .contains("is not the one of what is here")
                    .contains("jnet adopt");
            assertThat(value("jnet_healthy")).isZero();
        } finally {
            LAB.jnet().stop();
            LAB.host().shell("rm -r /var/lib/jnet; mv /var/lib/jnet.aside /var/lib/jnet");
            LAB.jnet().startAgain();
        }
        assertThat(scrape("/health").orThrow().output()).isEqualTo("ok\n");
    }

    @Test
    void aFileIsWrittenAsAWhole() {
        LAB.host().shell("mkdir -p /run/textfile; echo old > /run/textfile/jnet.prom");
        LAB.jnet().run("metrics", "--textfile", "/run/textfile/jnet.prom").orThrow();
        assertThat(LAB.host().shell("cat /run/textfile/jnet.prom")).contains("# TYPE jnet_networks gauge\n");
        assertThat(LAB.host().shell("ls -A /run/textfile; stat -c %a /run/textfile/jnet.prom"))
                .isEqualTo("jnet.prom\n644\n");
        CommandResult nowhere = LAB.jnet().run("metrics", "--textfile", "/run/nowhere/jnet.prom");
        assertThat(nowhere.exitStatus()).isEqualTo(1);
        assertThat(nowhere.errors()).isEqualTo("jnet: cannot write /run/nowhere/jnet.prom: its folder is not there\n");
    }

    private static Container serve() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24", "--opt", "io.jnet.name=shop");
        return LAB.docker()
                .serve(List.of("--network", "web", "--publish", "8080:80"), Servers.tellPeer(80))
                .listeningOn(80);
    }

    /** The value of a series; 0 for one that is not told. */
    private static double value(String series) {
        return scrape("/metrics").orThrow().lines().stream()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    private static CommandResult scrape(String path) {
        return LAB.host().run("curl", "-sS", "--fail", "--unix-socket", JnetDaemon.SOCKET, "http://jnet" + path);
    }

    private static CommandResult curl(String path) {
        return LAB.host().run("curl", "-sS", "--fail", "http://" + LISTEN + path);
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(JnetDaemon.distribution().resolve("bin/jnet").toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
