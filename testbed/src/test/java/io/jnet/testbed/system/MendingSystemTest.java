package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.load.Load;
import io.jnet.testbed.load.LoadReport;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Somebody takes away what containers need of the host while they are in use: it comes back, and connections live on. */
@SystemTest
@Tag("alone") // load and time: nothing else may run beside it
class MendingSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration SOON = Duration.ofSeconds(10);
    /**
     * In milliseconds; generous, for a machine that does other things too, and less than the second after which a container repeats a
     * question for its gateway that was lost.
     */
    private static final int LONGEST_OUTAGE = 900;

    private LoadedServer server;

    @BeforeAll
    static void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "about jnet's own links and rules");
    }

    @BeforeEach
    void startAServer() {
        server = LoadedServer.start(LAB, "--opt", "com.docker.network.bridge.name=web0");
    }

    @AfterEach
    void stopServers() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bridge, ip link set web0 down",
        "bridge, ip link delete web0",
        "bridge, ip address flush dev web0",
        "port, ip link set $port nomaster",
        "port, ip link set $port down",
        "ruleset, nft flush ruleset",
        "forward, iptables -F FORWARD"
    })
    void itComesBackAndConnectionsLive(String kind, String deed) {
        int before = mended(kind);
        Load load = server.load();
        load.waitForConnections(100);

        long outage = outage(deed);
        Eventually.holds("mended after " + deed, SOON, () -> mended(kind) > before);

        load.waitForConnections(200);
        LoadReport report = load.stop();
        System.out.println(deed + ": a ping passes again after " + outage + " ms, " + report);
        assertThat(report.streamLost()).as(load.log()).isZero();
        assertThat(outage).isLessThan(LONGEST_OUTAGE);
        assertThat(mended(kind)).isEqualTo(before + 1);
        assertThat(LAB.jnet().run("status").text()).containsPattern("mended: +.*" + kind + " " + (before + 1));
        assertThat(server.isPublished()).isTrue();
    }

    /** A controller that wants no table of jnet, and looks five times a second. */
    @Test
    void whoInsistsIsLeftInPeaceAndNamed() {
        try (BackgroundProcess controller =
                LAB.host().start(List.of("sh", "-c", "while sleep 0.2; do nft delete table inet jnet; done"))) {
            Eventually.holds("a truce", Duration.ofSeconds(30), () -> !status().at("/notes")
                    .isEmpty());
            int mended = mended("ruleset");
            assertThat(status().at("/notes/0").asString()).startsWith("the ruleset was removed by nft again and again");
            assertThat(LAB.jnet().log())
                    .containsOnlyOnce("the ruleset was removed by nft more than 5 times within a minute");
            assertThat(LAB.host().run("nft", "list", "table", "inet", "jnet").succeeded())
                    .isFalse();
            assertThat(mended("ruleset")).isEqualTo(mended);
            assertThat(controller.isAlive()).isTrue();
        }
        LAB.jnet().kill();
        LAB.jnet().startAgain();
        Eventually.holds("as before", SOON, server::isPublished);
    }

    @Test
    void aPortThatIsRemovedCannotBeMendedAndIsTold() {
        String port = LAB.host().shell("ls /sys/class/net/web0/brif").strip();
        LAB.host().shell("ip link delete " + port);
        Eventually.holds("told", SOON, () -> LAB.jnet().log().contains("somebody has removed link " + port));
        assertThat(status().at("/notes").toString()).contains("somebody has removed link " + port, "10.90.1.2");

        LAB.docker().docker("restart", "--time", "0", server.container().id()).orThrow();
        assertThat(Probe.in(server.container()).pings(Lab.OUTSIDE_ADDRESS)).isTrue();
        // The usual ends of containers are nobody's deed.
        LAB.docker().docker("kill", server.container().id()).orThrow();
        server.container().remove();
        Eventually.holds("gone", SOON, () -> LAB.jnet().json("endpoint", "ls").isEmpty());
        assertThat(LAB.jnet().log()).containsOnlyOnce("somebody has removed link ");
    }

    /** The opposite: without somebody who mends it, it stays away. */
    @Test
    void withoutTheDaemonNobodyMendsIt() {
        LAB.jnet().pause();
        try {
            LAB.host().shell("ip link set web0 down");
            assertThat(Probe.in(server.container()).pings(Lab.OUTSIDE_ADDRESS)).isFalse();
        } finally {
            LAB.jnet().resume();
        }
        Eventually.holds("the daemon has noticed", SOON, () -> Probe.in(server.container())
                .pings(Lab.OUTSIDE_ADDRESS));
    }

    /** How long, in milliseconds, until a ping from the container to the outside is answered that was sent after the deed. */
    private long outage(String deed) {
        String ping = "nsenter --target %s --net ping -q -c 1 -W 0.02 %s"
                .formatted(server.container().pid(), Lab.OUTSIDE_ADDRESS);
        return Long.parseLong(LAB.host()
                .shell(
                        """
                        port=$(ls /sys/class/net/web0/brif); %s
                        begun=$(date +%%s%%N); end=$((begun + 10000000000))
                        until %s > /dev/null || [ $(date +%%s%%N) -gt $end ]; do :; done
                        echo $((($(date +%%s%%N) - begun) / 1000000))"""
                                .formatted(deed, ping))
                .lines()
                .reduce((first, last) -> last)
                .orElseThrow());
    }

    private static int mended(String kind) {
        return status().at("/mended").path(kind).asInt(0);
    }

    private static JsonNode status() {
        return LAB.jnet().json("status");
    }
}
