package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Published ports that the kernel cannot translate, and the daemon serves; and what becomes of them without a daemon. */
@SystemTest
class ServedPortSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String HOST_6 = "[" + Lab.HOST_ADDRESS_6 + "]";
    private static final String LOOPBACK_6 = "[::1]";
    private static final String GATEWAY = "10.90.1.1 ";

    @BeforeEach
    void createNetworks() {
        assumeTrue(LAB.usesJnet(), "Docker 20.10 has a proxy process for each port");
        LAB.createNetwork("four", "--subnet", "10.90.1.0/24");
        LAB.createNetwork("dual", "--ipv6", "--subnet", "10.90.2.0/24", "--subnet", "fd00:90:2::/64");
    }

    private static Container serve(String network, String... options) {
        List<String> all = new ArrayList<>(List.of("--network", network));
        all.addAll(List.of(options));
        return LAB.docker()
                .serve(
                        all,
                        Servers.tellPeer(80),
                        Servers.tellPeer6(80),
                        Servers.tellSender(53),
                        Servers.tellSender6(53),
                        Servers.web(81))
                .listeningOn(80, 80, 53, 53, 81);
    }

    private static Probe host() {
        return Probe.on(LAB.host());
    }

    private static Probe outside() {
        return Probe.on(LAB.lab().outside());
    }

    @Test
    void localhostThatIsIpv6First() {
        Container server = serve("four", "--publish", "8080:80", "--publish", "5353:53/udp", "--publish", "8081:81");
        server.shell("echo hello >/www/index.html");
        assertThat(LAB.host().shell("getent ahosts localhost; curl -sS -6 --max-time 5 http://localhost:8081/"))
                .contains("hello");
        assertThat(host().tcp(LOOPBACK_6, 8080)).startsWith(GATEWAY);
        assertThat(host().udp(LOOPBACK_6, 5353)).startsWith(GATEWAY);
        assertThat(host().tcp("127.0.0.1", 8080)).startsWith(GATEWAY);

        server.remove();
        assertThat(host().reaches(LOOPBACK_6, 8080)).isFalse();
        assertThat(LAB.host().shell("ss -Hlntu")).doesNotContain(":8080 ").doesNotContain(":5353 ");
    }

    @Test
    void ipv6ClientsOfAContainerWithoutIpv6() {
        serve("four", "--publish", "8080:80", "--publish", "5353:53/udp");
        assertThat(outside().tcp(HOST_6, 8080)).startsWith(GATEWAY);
        assertThat(outside().udp(HOST_6, 5353)).startsWith(GATEWAY);
        assertThat(outside().tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(LAB.jnet().run("ports").orThrow().lines())
                .anyMatch(line -> line.matches("0\\.0\\.0\\.0:8080 +tcp .*kernel"))
                .anyMatch(line -> line.matches("\\[::]:8080 +tcp .*daemon"));
        assertThat(LAB.jnet().json("ports").get(0).get("daemonAddresses").toString())
                .contains("::");
    }

    @Test
    void aDualStackContainerIsServedOnLoopbackOnly() {
        serve("dual", "--publish", "8080:80", "--publish", "[" + Lab.HOST_SECOND_ADDRESS_6 + "]:8082:80");
        assertThat(host().tcp(LOOPBACK_6, 8080)).contains("fd00:0090:0002");
        assertThat(outside().tcp(HOST_6, 8080)).contains("2001:0db8");
        String linkLocal = LAB.host()
                .shell("ip -6 -o address show dev eth0 scope link | awk '{ sub(\"/.*\", \"\", $4); print $4 }'")
                .strip();
        assertThat(outside().tcp("[" + linkLocal + "%eth0]", 8080))
                .as("a neighbour whose address the kernel does not forward")
                .contains("fd00:0090:0002");
        assertThat(Probe.on(LAB.lab().outside2()).tcp("[" + Lab.HOST_SECOND_ADDRESS_6 + "]", 8082))
                .contains("2001:0db8:0001");
        assertThat(outside().reaches(HOST_6, 8082)).as("of the other address").isFalse();
        assertThat(host().reaches(LOOPBACK_6, 8082)).isFalse();
    }

    @Test
    void loopbackAloneAndIpv4LoopbackAlone() {
        serve("four", "--publish", "[::1]:8080:80", "--publish", "127.0.0.1:8081:80");
        assertThat(host().tcp(LOOPBACK_6, 8080)).startsWith(GATEWAY);
        assertThat(host().reaches("127.0.0.1", 8080)).isFalse();
        assertThat(outside().reaches(HOST_6, 8080)).isFalse();
        assertThat(host().reaches(LOOPBACK_6, 8081)).as("127.0.0.1 means it").isFalse();
        assertThat(host().tcp("127.0.0.1", 8081)).startsWith(GATEWAY);
    }

    /** The one path that depends on the daemon. */
    @Test
    void withoutTheDaemonTheKernelsPathsRemainAndWithItTheOthersComeBack() {
        serve("four", "--publish", "8080:80");
        assertThat(host().tcp(LOOPBACK_6, 8080)).startsWith(GATEWAY);
        BackgroundProcess open = LAB.host().start("bash", "-c", "sleep 1000 | socat - TCP6:[::1]:8080,shut-none");
        LAB.jnet().kill();
        try {
            assertThat(host().reaches(LOOPBACK_6, 8080)).isFalse();
            assertThat(outside().reaches(HOST_6, 8080)).isFalse();
            assertThat(outside().tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        } finally {
            LAB.jnet().startAgain();
        }
        open.kill();
        assertThat(LAB.jnet().json("status").get("clashes").asInt()).isZero();
        assertThat(host().tcp(LOOPBACK_6, 8080)).startsWith(GATEWAY);
        assertThat(outside().tcp(HOST_6, 8080)).startsWith(GATEWAY);
    }

    @Test
    void aContainerOfAnInternalNetworkDoesNotGetOutThroughItsGateway() {
        LAB.createNetwork("inner", "--internal", "--ipv6", "--subnet", "10.90.3.0/24", "--subnet", "fd00:90:3::/64");
        serve("four", "--publish", "8080:80");
        Container inside = LAB.docker().idle("--network", "inner");
        Container ordinary = LAB.docker().idle("--network", "dual");
        String bridge = LAB.host()
                .shell("ip -6 -o address show | awk '$4 == \"fd00:90:3::1/64\" { print $2 }'")
                .strip();
        String link = LAB.host()
                .shell("ip -6 -o address show dev " + bridge + " scope link | awk '{ print $4 }' | cut -d/ -f1")
                .strip();

        assertThat(ordinary.inNetwork("socat", "-t20", "-T20", "-", "TCP6:[fd00:90:2::1]:8080")
                        .output())
                .as("an ordinary network's container")
                .startsWith(GATEWAY);
        assertThat(link).startsWith("fe80:");
        for (String gateway : List.of("fd00:90:3::1", link + "%eth0")) {
            // The daemon has the connection, sees whose it is, and ends it; socat finds that wrong from 1.8 on.
            CommandResult ended = inside.inNetwork("socat", "-T2", "-", "TCP6:[" + gateway + "]:8080");
            assertThat(ended.succeeded() || ended.errors().contains("Connection reset by peer"))
                    .as(gateway + ended.errors())
                    .isTrue();
            assertThat(ended.output()).as(gateway).isEmpty();
        }
        LAB.docker().docker("network", "connect", "dual", inside.id()).orThrow();
        assertThat(inside.inNetwork("socat", "-t20", "-T20", "-", "TCP6:[fd00:90:2::1]:8080")
                        .output())
                .as("the same one by an ordinary network")
                .startsWith(GATEWAY);
    }

    @Test
    void aPortThatAnotherProcessTookMeanwhileIsSaidAndTakenAgainLater() {
        serve("four", "--publish", "8080:80");
        LAB.jnet().kill();
        BackgroundProcess thief = LAB.host().start("socat", "TCP6-LISTEN:8080,fork,reuseaddr", "SYSTEM:'echo thief'");
        Eventually.holds("the port is taken", Duration.ofSeconds(10), () -> LAB.host()
                .shell("ss -Hlnt")
                .contains(":8080 "));
        LAB.jnet().startAgain();

        assertThat(outside().tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(LAB.jnet().json("status").get("clashes").asInt()).isEqualTo(1);
        assertThat(LAB.jnet().run("status").orThrow().output()).contains("1 of them held by other processes");
        assertThat(LAB.jnet().run("ports").orThrow().output())
                .contains("not reserved")
                .contains("socat");
        assertThat(LAB.jnet().log()).contains("could not be reserved again").contains("socat");

        thief.kill();
        Eventually.holds(
                "the port is jnet's again",
                Duration.ofSeconds(20),
                () -> LAB.jnet().json("status").get("clashes").asInt() == 0);
        assertThat(host().tcp(LOOPBACK_6, 8080)).startsWith(GATEWAY);
    }

    @Test
    void requestsThatDifferInTheAddressGetTheSamePort() {
        Container both = serve("dual", "--publish", "0.0.0.0::80", "--publish", "[::]::80");
        List<String> lines = LAB.jnet().run("port", both.id()).orThrow().lines();
        assertThat(lines).hasSize(2);
        assertThat(lines.stream().map(line -> line.substring(line.lastIndexOf(':'))))
                .containsOnly(lines.get(0).substring(lines.get(0).lastIndexOf(':')));
        serve("dual", "--publish", "127.0.0.1:8100-8110:80", "--publish", "[::1]:8100-8110:80");
        assertThat(host().tcp("127.0.0.1", 8100)).isNotEmpty();
        assertThat(host().tcp(LOOPBACK_6, 8100)).isNotEmpty();
        serve("dual", "--publish", "80");
    }

    @Test
    void tenThousandUdpPorts() {
        long start = System.nanoTime();
        LAB.docker()
                .docker(
                        "run",
                        "--detach",
                        "--name",
                        "many",
                        "--network",
                        "four",
                        "--publish",
                        "20000-29999:20000-29999/udp",
                        Images.TOOLS,
                        "sh",
                        "-c",
                        Servers.tellSender(20000) + " & " + Servers.tellSender(29999))
                .orThrow();
        long started = (System.nanoTime() - start) / 1_000_000;
        for (int port : List.of(20000, 29999)) {
            Eventually.holds(
                    "an answer", Duration.ofSeconds(20), () -> outside().isAnswered(Lab.HOST_ADDRESS, port));
        }
        assertThat(outside().udp(Lab.HOST_ADDRESS, 29999)).startsWith(Lab.OUTSIDE_ADDRESS);
        assertThat(outside().udp(Lab.HOST_ADDRESS, 20000)).startsWith(Lab.OUTSIDE_ADDRESS);
        assertThat(host().udp(LOOPBACK_6, 29999)).startsWith(GATEWAY);
        start = System.nanoTime();
        CommandResult removed = LAB.docker().docker("rm", "--force", "many");
        System.out.printf(
                "10,000 UDP ports: docker run %d ms, docker rm %d ms%n",
                started, (System.nanoTime() - start) / 1_000_000);
        removed.orThrow();
        assertThat(LAB.host().shell("ss -Hlnu sport ge :20000 | wc -l").strip()).isEqualTo("0");
    }
}
