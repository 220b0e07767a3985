package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.firewall.FirewalledHost;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code jnet doctor}, {@code jnet trace} and {@code jnet debug bundle} on a host with Docker. What the doctor finds and where packets end, one by one, is
 * in {@code DoctorKernelTest} and {@code TraceKernelTest} of the daemon's module.
 */
@SystemTest
class DoctorSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SECRET = "s3cr3t-of-the-owner";

    private Container server;

    @BeforeAll
    static void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "about jnet's own commands");
    }

    @BeforeEach
    void startAServer() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24", "--label", "token=" + SECRET);
        server = LAB.docker()
                .serve(
                        List.of(
                                "--name",
                                "server",
                                "--network",
                                "web",
                                "--publish",
                                "8080:80",
                                "--env",
                                "TOKEN=" + SECRET,
                                "--label",
                                "token=" + SECRET),
                        Servers.tellPeer(80))
                .listeningOn(80);
    }

    @AfterEach
    void startTheDaemonAgain() {
        if (!LAB.jnet().isAlive()) {
            LAB.jnet().startAgain();
        }
    }

    @Test
    void ofAHealthyHostNothingIsSaidButNotes() {
        CommandResult doctor = LAB.jnet().run("doctor");
        assertThat(doctor.exitStatus()).as(doctor.everything()).isZero();
        assertThat(findings()).noneMatch(finding -> !finding.startsWith("note "));

        LAB.host().shell("ip route add 10.90.1.0/25 via " + Lab.OUTSIDE_ADDRESS);
        doctor = LAB.jnet().run("doctor");
        assertThat(doctor.exitStatus()).isEqualTo(1);
        assertThat(doctor.text())
                .contains("error subnet-taken: the route 10.90.1.0/25 dev eth0 takes addresses of network ");
        String command = doctor.lines().stream()
                .filter(line -> line.startsWith("  mend: ip route del"))
                .findFirst()
                .orElseThrow();
        LAB.host().shell(command.substring("  mend: ".length()));
        assertThat(LAB.jnet().run("doctor").exitStatus()).isZero();
    }

    @Test
    void itWorksWithoutWhatItLooksFor() {
        CommandResult nobody = LAB.host()
                .run("setpriv", "--reuid=65534", "--clear-groups", JnetDaemon.launcherForAll(LAB.host()), "doctor");
        assertThat(nobody.exitStatus()).as(nobody.everything()).isEqualTo(1);
        assertThat(nobody.text()).contains("error not-permitted: ", "error daemon-refuses: no permission");

        String library = LAB.host()
                .shell("ldconfig -p | awk '/libnftables.so.1/ {print $NF; exit}'")
                .strip();
        LAB.host().shell("mount --bind /dev/null " + library);
        try {
            assertThat(findings()).contains("error libnftables-missing");
        } finally {
            LAB.host().shell("umount " + library);
        }

        LAB.jnet().kill();
        assertThat(findings())
                .filteredOn(finding -> !finding.startsWith("note "))
                .containsExactly("error daemon-absent");
        try (BackgroundProcess other = LAB.host().start("socat", "TCP4-LISTEN:8080", "STDOUT")) {
            Eventually.holds("the port is taken", SOON, () -> LAB.host()
                    .shell("ss -Hltn")
                    .contains(":8080"));
            LAB.jnet().startAgain();
            assertThat(findings()).contains("error port-taken");
            assertThat(other.isAlive()).isTrue();
        }
        Eventually.holds("the port is jnet's again", SOON, () -> !findings().contains("error port-taken"));
    }

    @Test
    void aFirewalldThatWasLoadedAgainWhileNobodyLooked() {
        FirewalledHost firewalld = FirewalledHost.Kind.FIREWALLD.on(LAB.host());
        firewalld.start();
        try {
            Eventually.holds("the bridge is in a zone", SOON, () -> !findings().contains("error firewalld-zone"));
            LAB.jnet().kill();
            firewalld.reload();
            assertThat(findings()).contains("error firewalld-zone");
            String bridge = "jbr-" + LAB.docker().inspect("web", "{{.Id}}").substring(0, 11);
            LAB.host().shell("firewall-cmd --zone=trusted --change-interface=" + bridge);
            assertThat(findings()).doesNotContain("error firewalld-zone");
        } finally {
            firewalld.stop();
        }
    }

    @Test
    void aPacketIsFollowedFromOutsideAndFromAContainer() {
        try (BackgroundProcess client = LAB.lab()
                .outside()
                .start(
                        "sh",
                        "-c",
                        "while :; do socat -T1 - TCP4:%s:8080 </dev/null; sleep 0.2; done"
                                .formatted(Lab.HOST_ADDRESS))) {
            CommandResult trace = LAB.jnet().run("trace", "outside", Lab.HOST_ADDRESS + ":8080");
            assertThat(trace.exitStatus()).as(trace.everything()).isZero();
            assertThat(trace.text())
                    .contains("translated to ", " port 80: published port 8080 of endpoint ", "answered");
            assertThat(client.isAlive()).isTrue();
        }
        CommandResult out = LAB.jnet().run("trace", "server", Lab.OUTSIDE_ADDRESS + ":9999");
        assertThat(out.exitStatus()).isEqualTo(1);
        assertThat(out.text())
                .contains("table ip filter, chain FORWARD: ", "JNET-FORWARD")
                .contains("sent RST: nothing listens on port 9999 there");

        LAB.createNetwork("other", "--subnet", "10.90.2.0/24");
        Container apart = LAB.docker().idle("--network", "other");
        CommandResult across = LAB.jnet().run("trace", "server", apart.address("other") + ":80", "--timeout", "1");
        assertThat(across.text()).contains("dropped in forward by jnet: ", "chain out_of_network");
        assertThat(LAB.host().shell("nft list tables")).doesNotContain("jnet_trace");
    }

    /** Of its networks in the order of names the first is the wrong one for both packets. */
    @Test
    void aContainerOnSeveralNetworksIsFollowedAsItSends() {
        LAB.createNetwork("backend", "--internal", "--subnet", "10.90.2.0/24");
        LAB.createNetwork("admin", "--subnet", "10.90.3.0/24");
        Container application = LAB.docker().idle("--network", "backend", "--name", "application");
        LAB.docker().docker("network", "connect", "web", "application").orThrow();
        LAB.docker().docker("network", "connect", "admin", "server").orThrow();
        CommandResult out = LAB.jnet().run("trace", "application", Lab.OUTSIDE_ADDRESS + ":9999");
        assertThat(out.text())
                .startsWith("tcp " + application.address("web") + ":")
                .contains("sent RST: nothing listens on port 9999 there");
        CommandResult between = LAB.jnet().run("trace", "application", "server:80");
        assertThat(between.exitStatus()).as(between.everything()).isZero();
        assertThat(between.text()).contains(" -> " + server.address("web") + ":80\n");
    }

    @Test
    void whatIsGivenToOthersHasNoSecret() {
        LAB.host()
                .shell("cd /run; TOKEN=%s %s debug bundle --output b.tar.gz"
                        .formatted(SECRET, JnetDaemon.distribution().resolve("bin/jnet")));
        assertThat(LAB.host().shell("tar tzf /run/b.tar.gz")).contains("endpoints.json", "ruleset.txt");
        String all = LAB.host().shell("tar xzOf /run/b.tar.gz");
        assertThat(all).contains(server.address("web"), "\"hostPort\":8080").doesNotContain(SECRET);
        LAB.host().shell("rm /run/b.tar.gz");
    }

    /** {@code error forwarding-off} and so on. */
    private static List<String> findings() {
        CommandResult doctor = LAB.jnet().run("doctor", "--json");
        JsonNode report = JsonMapper.builder().build().readTree(doctor.output());
        assertThat(doctor.exitStatus()).isEqualTo(report.at("/healthy").asBoolean() ? 0 : 1);
        return StreamSupport.stream(report.at("/findings").spliterator(), false)
                .map(finding -> finding.at("/severity").asString() + " "
                        + finding.at("/id").asString())
                .toList();
    }
}
