package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.dump.ProcessDump;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host is what it was, after everything was removed and after anything that failed. */
@SystemTest
class NothingLeftSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static HostDump clean;

    @BeforeAll
    static void dumpTheHostBeforeItsFirstNetwork() {
        clean = HostDump.of(LAB.host());
    }

    /** Waits, because dockerd and the kernel finish some deletions after the command has returned. */
    private static void assertHostIs(HostDump expected) {
        assertThat(lastDifference(() -> expected.difference(HostDump.of(LAB.host()))))
                .isEmpty();
    }

    /** The empty difference as soon as there is none, or the one that stays. */
    private static String lastDifference(Supplier<String> difference) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = difference.get();
        while (!last.isEmpty() && System.nanoTime() < deadline) {
            last = difference.get();
        }
        return last;
    }

    private static void useEverythingOnce() {
        LAB.createNetwork("dual", "--ipv6", "--subnet", "10.90.1.0/24", "--subnet", "fd00:90:1::/64");
        LAB.createNetwork("inner", "--internal");
        Container server = LAB.docker()
                .serve(
                        List.of(
                                "--network",
                                "dual",
                                "--publish",
                                "8080:80",
                                "--publish",
                                "127.0.0.1:8081:80",
                                "--publish",
                                "5353:53/udp",
                                "--publish",
                                "9000-9009:9000-9009",
                                "--publish",
                                "81"),
                        Servers.tellPeer(80),
                        Servers.tellSender(53))
                .listeningOn(80, 53);
        LAB.docker().docker("network", "connect", "inner", server.id()).orThrow();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8080))
                .isTrue();
        assertThat(Probe.on(LAB.lab().outside()).udp(Lab.HOST_ADDRESS, 5353)).isNotEmpty();
        assertThat(Probe.in(server).pings(Lab.OUTSIDE_ADDRESS)).isTrue();
        assertThat(clean.difference(HostDump.of(LAB.host())))
                .as("a dump sees something of it")
                .isNotEmpty();
        LAB.docker().removeEverything();
    }

    @Test
    void afterEverythingWasRemovedTheHostIsWhatItWas() {
        useEverythingOnce();
        assertHostIs(clean);
    }

    @Test
    void theDaemonHoldsNothingMoreAfterManyRounds() {
        assumeTrue(LAB.usesJnet(), "about jnet's own process");
        useEverythingOnce();
        useEverythingOnce();
        ProcessDump before = ProcessDump.of(LAB.jnet().pid());
        for (int round = 0; round < ROUNDS; round++) {
            useEverythingOnce();
        }
        assertThat(lastDifference(() -> before.growth(ProcessDump.of(LAB.jnet().pid()))))
                .as("descriptors and threads of the daemon")
                .isEmpty();
    }

    /** A daemon alone changes nothing but its own files. */
    @Test
    void withoutANetworkTheDaemonHasChangedNothing() {
        assumeTrue(LAB.usesJnet(), "about jnet's own process");
        try (Lab lab = Lab.open()) {
            HostDump before = HostDump.of(lab.host()).without("files", "sockets");
            JnetDaemon jnet = JnetDaemon.start(lab.host());
            assertThat(before.difference(HostDump.of(lab.host()).without("files", "sockets")))
                    .isEmpty();
            assertThat(jnet.stop()).isZero();
            assertThat(jnet.log()).doesNotContain("ERROR");
            assertThat(before.difference(HostDump.of(lab.host()).without("files", "sockets")))
                    .isEmpty();
            assertThat(lab.host()
                            .run("ls", JnetDaemon.SOCKET, JnetDaemon.PLUGIN_SOCKET)
                            .succeeded())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--opt com.docker.network.driver.mtu=67",
                "--opt com.docker.network.driver.mtu=many",
                "--opt com.docker.network.bridge.name=a-name-that-is-too-long",
                "--opt com.docker.network.bridge.name=eth0",
                "--opt com.docker.network.bridge.name=b;ad",
                "--opt com.docker.network.bridge.enable_icc=perhaps",
                "--opt com.docker.network.bridge.host_binding_ipv4=300.1.1.1",
                "--opt io.jnet.unknown=1",
            })
    void aNetworkThatIsRefusedLeavesNothing(String options) {
        assumeTrue(LAB.usesJnet(), "Docker accepts some of these");
        List<String> command = new ArrayList<>(List.of("network", "create", "--driver", LAB.driver()));
        command.addAll(List.of(options.split(" ")));
        command.add("refused");
        CommandResult result = LAB.docker().docker(command);
        assertThat(result.succeeded()).as(result.everything()).isFalse();
        assertThat(result.errors().strip().lines()).as("one clear line").hasSize(1);
        assertHostIs(clean);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--publish 192.0.2.99:8080:80",
                "--publish 8086:80 --publish 8085:80",
                "--publish 5356:80/udp --publish 8085:80",
                "--publish 8083-8087:80-84",
                "--publish 8086:80/sctp --publish 8085:80",
            })
    void aContainerWhosePortsAreRefusedLeavesNothing(String options) {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        LAB.docker().idle("--network", "web");
        DockerEngine docker = LAB.docker();
        try (BackgroundProcess holder = LAB.host().start("socat", "TCP4-LISTEN:8085,fork,reuseaddr", "EXEC:cat")) {
            Eventually.holds(holder + " listens", PATIENCE, () -> LAB.host()
                    .shell("ss -lnt")
                    .contains(":8085 "));
            HostDump before = HostDump.of(LAB.host());
            List<String> command = new ArrayList<>(List.of("run", "--network", "web"));
            command.addAll(List.of(options.split(" ")));
            command.addAll(List.of(Images.TOOLS, "true"));
            assertThat(docker.docker(command).succeeded()).isFalse();
            assertHostIs(before);
        }
        docker.removeEverything();
        assertHostIs(clean);
    }

    @Test
    void aContainerThatCannotStartLeavesNothing() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        LAB.docker().idle("--network", "web");
        HostDump before = HostDump.of(LAB.host());
        assertThat(LAB.docker()
                        .docker("run", "--network", "web", "--publish", "8080:80", Images.TOOLS, "/no/such/program")
                        .succeeded())
                .isFalse();
        assertHostIs(before);
    }
}
