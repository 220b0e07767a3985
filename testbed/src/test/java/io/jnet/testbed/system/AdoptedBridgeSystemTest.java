package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A network on a bridge of the host's owner, on which another machine of the owner's is. */
@SystemTest
class AdoptedBridgeSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @BeforeEach
    void makeBridge() {
        LAB.host()
                .shell("ip link add br7 type bridge; ip link set br7 up; ip address add 10.90.7.1/24 dev br7;"
                        + " ip address add fd90:7::1/64 dev br7 nodad;"
                        + " ip netns add machine; ip link add machine0 type veth peer name eth0 netns machine;"
                        + " ip link set machine0 master br7 up; ip -n machine link set eth0 up;"
                        + " ip -n machine address add 10.90.7.200/24 dev eth0;"
                        + " ip -n machine address add fd90:7::200/64 dev eth0 nodad");
    }

    @AfterEach
    void removeBridge() {
        LAB.docker().removeEverything();
        LAB.host().shell("ip link delete machine0; ip link delete br7; ip netns delete machine");
    }

    private static Container serve() {
        LAB.createNetwork(
                "adopted",
                "--subnet",
                "10.90.7.0/24",
                "--opt",
                "com.docker.network.bridge.name=br7",
                "--opt",
                "io.jnet.name=adopted");
        return LAB.docker()
                .serve(
                        List.of(
                                "--network",
                                "adopted",
                                "--ip",
                                "10.90.7.7",
                                "--publish",
                                "8080:80",
                                "--restart",
                                "always"),
                        Servers.tellPeer(80))
                .listeningOn(80);
    }

    private static String bridge() {
        return LAB.host()
                .shell("ip -o link show br7 | sed 's/^[0-9]*//'; ip -o -4 address show dev br7 | sed 's/^[0-9]*//';"
                        + " sysctl -a --pattern '^net.ipv4.conf.br7'");
    }

    @Test
    void itIsUsedAndLeftAsItWas() {
        String before = bridge();
        Container container = serve();
        assertThat(Probe.in(container).pings("10.90.7.200"))
                .as("the owner's machine")
                .isTrue();
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(Probe.on(LAB.host()).reaches("127.0.0.1", 8080)).isTrue();
        assertThat(LAB.host().shell("ip netns exec machine ping -6 -c 1 -W 5 fd90:7::1"))
                .as("the host, in the family that the network has not")
                .contains("1 received");
        assertThat(LAB.host().shell("ip -o link show master br7"))
                .contains("jv")
                .contains("machine0");

        container.remove();
        LAB.docker().docker("network", "rm", "adopted").orThrow();
        assertThat(bridge()).isEqualTo(before);
        assertThat(LAB.host().shell("ip netns exec machine ping -c 1 -W 2 10.90.7.1"))
                .contains("1 received");
    }

    @Test
    void itIsKnownAfterARestartAndTheNetworkWaitsForItAfterAReboot() {
        String before = bridge();
        serve();
        LAB.jnet().kill();
        LAB.jnet().startAgain();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8080))
                .isTrue();

        LAB.docker().kill();
        LAB.host().reboot();
        LAB.jnet().startAgain();
        assertThat(LAB.host().shell("ip -o link")).as("not jnet's to make").doesNotContain("br7");
        assertThat(LAB.jnet().run("status").orThrow().text()).contains("bridge br7 of network adopted is missing");
        LAB.docker().startAgain();
        assertThat(LAB.docker().log()).contains("bridge br7 is missing: jnet did not make it");

        makeBridge();
        Eventually.holds(
                "jnet has seen the bridge",
                PATIENCE,
                () -> !LAB.jnet().run("status").orThrow().text().contains("is missing"));
        LAB.docker()
                .docker(
                        "start",
                        "--attach=false",
                        LAB.docker().docker("ps", "-aq").orThrow().text())
                .orThrow();
        Eventually.holds(
                "the container is back", PATIENCE, () -> Probe.on(LAB.lab().outside())
                        .reaches(Lab.HOST_ADDRESS, 8080));
        LAB.docker().removeEverything();
        assertThat(bridge().replaceAll("([0-9a-f]{2}:){5}[0-9a-f]{2}", "MAC"))
                .isEqualTo(before.replaceAll("([0-9a-f]{2}:){5}[0-9a-f]{2}", "MAC"));
    }
}
