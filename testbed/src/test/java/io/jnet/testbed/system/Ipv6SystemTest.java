package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both families on one network. */
@SystemTest
class Ipv6SystemTest {
    /** With Docker's own driver these paths need an experimental option; jnet needs nothing. */
    @RegisterExtension
    static final DockerLab LAB = (DockerLab.DRIVER.equals("jnet")
                    ? DockerLab.withDockerd()
                    : DockerLab.withDockerd("--experimental", "--ip6tables"))
            .keepingContainers();

    private static final int ON_HOST = 7000;
    private static final int BIG_FILE = 3_000_000;
    private static final String HOST = "[" + Lab.HOST_ADDRESS_6 + "]";
    private static final String OUTSIDE = "[" + Lab.OUTSIDE_ADDRESS_6 + "]";

    private static Container server;
    private static Container client;

    @BeforeAll
    static void startServersAndClients() {
        LAB.createNetwork("dual", "--ipv6", "--subnet", "10.90.1.0/24", "--subnet", "fd00:90:1::/64");
        server = LAB.docker()
                .serve(
                        List.of(
                                "--name",
                                "server",
                                "--network",
                                "dual",
                                "--publish",
                                "8080:80",
                                "--publish",
                                "8081:81",
                                "--publish",
                                "5353:53/udp"),
                        Servers.tellPeer(80),
                        Servers.tellPeer6(80),
                        Servers.web(81),
                        Servers.tellSender(53),
                        Servers.tellSender6(53))
                .listeningOn(80, 80, 81, 53, 53);
        server.shell("head -c %d /dev/zero >/www/big".formatted(BIG_FILE));
        client = LAB.docker().idle("--name", "client", "--network", "dual");
        for (Machine machine : List.of(LAB.host(), LAB.lab().outside())) {
            machine.start("bash", "-c", Servers.tellPeer6(ON_HOST));
            Eventually.holds("a server on " + machine.name(), Duration.ofSeconds(10), () -> Probe.on(machine)
                    .reaches("[::1]", ON_HOST));
        }
    }

    /** As socat prints it: in brackets, every group written out. */
    private static String writtenOut(String address) {
        StringBuilder text = new StringBuilder("[");
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            for (int at = 0; at < bytes.length; at++) {
                text.append(at > 0 && at % 2 == 0 ? ":" : "").append("%02x".formatted(bytes[at]));
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
        return text.append("] ").toString();
    }

    @Test
    void betweenContainersByAddressAndByName() {
        assertThat(Probe.in(client).tcp("[" + server.address6("dual") + "]", 80))
                .startsWith(writtenOut(client.address6("dual")));
        assertThat(client.exec("ping", "-6", "-c", "1", "-W", "2", "server").succeeded())
                .isTrue();
    }

    @Test
    void betweenTheHostAndAContainer() {
        assertThat(Probe.on(LAB.host()).tcp("[" + server.address6("dual") + "]", 80))
                .startsWith(writtenOut("fd00:90:1::1"));
        assertThat(Probe.in(client).tcp("[fd00:90:1::1]", ON_HOST)).startsWith(writtenOut(client.address6("dual")));
        assertThat(Probe.in(client).tcp(HOST, ON_HOST)).startsWith(writtenOut(client.address6("dual")));
    }

    @Test
    void toTheOutsideWithTheHostsAddress() {
        assertThat(Probe.in(client).tcp(OUTSIDE, ON_HOST)).startsWith(writtenOut(Lab.HOST_ADDRESS_6));
    }

    @Test
    void publishedOnBothFamiliesWithTheClientsOwnAddress() {
        assertThat(Probe.on(LAB.lab().outside()).tcp(HOST, 8080)).startsWith(writtenOut(Lab.OUTSIDE_ADDRESS_6));
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(Probe.on(LAB.lab().outside()).udp(HOST, 5353)).startsWith(writtenOut(Lab.OUTSIDE_ADDRESS_6));
        assertThat(Probe.on(LAB.host()).tcp(HOST, 8080)).isNotEmpty();
    }

    @Test
    void hairpin() {
        assertThat(Probe.in(client).tcp(HOST, 8080)).isNotEmpty();
        assertThat(Probe.in(server).tcp(HOST, 8080)).as("to itself").isNotEmpty();
    }

    @Test
    void aPathMtuErrorReachesTheContainerBehindAPublishedPort() {
        String size = LAB.lab().far().shell("curl -sS --max-time 20 'http://[2001:db8::10]:8081/big' | wc -c");
        assertThat(size.strip()).isEqualTo(Integer.toString(BIG_FILE));
        // ICMPv6 "packet too big" (RFC 8201) was translated back: the container itself has learnt the size.
        assertThat(server.inNetwork("ip", "-6", "route", "get", Lab.FAR_ADDRESS_6)
                        .orThrow()
                        .output())
                .contains("mtu 1300");
    }

    @Test
    void theFirstInstructionOfAContainerMayUseItsAddress() {
        String answer = LAB.docker()
                .docker(
                        "run",
                        "--rm",
                        "--network",
                        "dual",
                        Images.TOOLS,
                        "sh",
                        "-c",
                        "ip -6 address show dev eth0 scope global; socat -t20 -T20 - TCP6:" + OUTSIDE + ":" + ON_HOST)
                .orThrow()
                .output();
        assertThat(answer)
                .doesNotContain("tentative")
                .contains(writtenOut(Lab.HOST_ADDRESS_6).strip());
    }

    @Test
    void theOutsideDoesNotReachAContainerByARoute() {
        assumeTrue(LAB.usesJnet(), "Docker 20.10 leaves IPv6 open");
        String target = "[" + server.address6("dual") + "]";
        LAB.lab().outside().shell("ip -6 route replace fd00:90:1::/64 via " + Lab.HOST_ADDRESS_6);
        Probe outside = Probe.on(LAB.lab().outside());
        assertThat(FirewallRules.of(LAB).withoutDrops(() -> outside.reaches(target, 80)))
                .as("without the rules")
                .isTrue();
        assertThat(outside.reaches(target, 80)).isFalse();
    }
}
