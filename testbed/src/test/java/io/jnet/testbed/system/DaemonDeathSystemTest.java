package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.load.Load;
import io.jnet.testbed.load.LoadReport;
import io.jnet.testbed.load.PingFlood;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Lab;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon dies and comes back while packets flow, and nobody notices. */
@SystemTest
@Tag("alone") // load and time: nothing else may run beside it
class DaemonDeathSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private Container server;
    private List<String> inContainer;
    private BackgroundProcess servers;

    @BeforeEach
    void startAServer() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        server = LAB.docker()
                .serve(
                        List.of(
                                "--name",
                                "server",
                                "--network",
                                "web",
                                "--publish",
                                "8080:80",
                                "--publish",
                                "8081:81",
                                "--publish",
                                "8082:82"),
                        Servers.tellPeer(82))
                .listeningOn(82);
        inContainer = List.of("nsenter", "--target", server.pid(), "--net", "--");
        servers = Load.startServer(LAB.host(), inContainer, 80, 81);
    }

    @AfterEach
    void stopServers() {
        servers.close();
    }

    /** Runs the load, does something, and shows that nothing was lost meanwhile. */
    private void assertNothingIsLostWhile(Runnable action) {
        int synsBefore = repeatedSyns();
        Load load = Load.start(LAB.lab().outside(), LAB.lab().folder(), Lab.HOST_ADDRESS, 8080, 8081);
        PingFlood out = PingFlood.start(LAB.host(), inContainer, Lab.OUTSIDE_ADDRESS);
        PingFlood in = PingFlood.start(LAB.host(), List.of(), server.address("web"));
        action.run();
        load.waitForConnections(100);
        LoadReport report = load.stop();
        assertThat(report.failed()).as(load.log()).isZero();
        assertThat(report.streamLost()).as(load.log()).isZero();
        assertThat(report.connections()).isGreaterThanOrEqualTo(100);
        assertThat(repeatedSyns() - synsBefore)
                .as("lost SYN packets; " + report)
                .isZero();
        assertThat(out.lost()).isZero();
        assertThat(in.lost()).isZero();
        System.out.println(report);
    }

    /** A SYN is sent again when a second has brought no answer (RFC 6298 section 2): the client's kernel counts them exactly. */
    private static int repeatedSyns() {
        return Integer.parseInt(LAB.lab()
                .outside()
                .shell("nstat -az TcpExtTCPSynRetrans | awk '/SynRetrans/ { print $2 }'")
                .strip());
    }

    @Test
    void theLoadNoticesWhenPortsVanish() {
        Load load = Load.start(LAB.lab().outside(), LAB.lab().folder(), Lab.HOST_ADDRESS, 8080, 8081);
        servers.kill();
        LAB.docker().docker("stop", "--time", "0", server.id()).orThrow();
        LoadReport report = load.stop();
        assertThat(report.failed()).isPositive();
        assertThat(report.streamLost()).isPositive();
    }

    @Test
    void killedAndStartedAgain() {
        assertNothingIsLostWhile(() -> restart(daemon -> daemon.jnet().kill()));
        assertEverythingIsKnown();
    }

    @Test
    void terminatedAndStartedAgain() {
        assertNothingIsLostWhile(
                () -> restart(daemon -> assertThat(daemon.jnet().stop()).isZero()));
        assertEverythingIsKnown();
    }

    private static void restart(Consumer<DockerLab> end) {
        if (LAB.usesJnet()) {
            end.accept(LAB);
            LAB.jnet().startAgain();
        }
    }

    private void assertEverythingIsKnown() {
        if (LAB.usesJnet()) {
            assertThat(LAB.jnet().run("port", server.id()).orThrow().output()).contains("80/tcp -> 0.0.0.0:8080");
        }
        servers.close();
        LAB.docker().docker("restart", "--time", "0", server.id()).orThrow();
        server.listeningOn(82);
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8082)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        LAB.docker().docker("stop", "--time", "0", server.id()).orThrow();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8082))
                .isFalse();
        LAB.docker().docker("start", server.id()).orThrow();
        server.listeningOn(82);
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8082)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        server.remove();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8082))
                .isFalse();
        LAB.docker().docker("network", "rm", "web").orThrow();
        assertThat(LAB.host().shell("ip -brief link")).doesNotContain("jbr-");
    }
}
