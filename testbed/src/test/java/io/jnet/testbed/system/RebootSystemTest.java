package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The host loses its power: links and rules are gone, what was stored is not. */
@SystemTest
class RebootSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    @Test
    void networksAreRebuiltAndContainersComeBackWithTheirPorts() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        LAB.createNetwork("inner", "--internal", "--subnet", "10.90.2.0/24");
        String[] servers = {Servers.tellPeer(80), Servers.tellSender(53)};
        Container lasting = LAB.docker()
                .serve(
                        List.of(
                                "--network",
                                "web",
                                "--restart",
                                "always",
                                "--publish",
                                "8080:80",
                                "--publish",
                                "5353:53/udp"),
                        servers)
                .listeningOn(80, 53);
        Container stopped = LAB.docker()
                .serve(List.of("--network", "web", "--publish", "8081:80"), servers)
                .listeningOn(80);
        String bridges = bridges();

        LAB.docker().kill();
        LAB.host().reboot();
        if (LAB.usesJnet()) {
            LAB.jnet().startAgain();
            assertThat(bridges()).as("the networks stand before dockerd asks").isEqualTo(bridges);
        }
        LAB.docker().startAgain();

        Probe outside = Probe.on(LAB.lab().outside());
        Eventually.holds(
                "the container is back", Duration.ofSeconds(30), () -> outside.reaches(Lab.HOST_ADDRESS, 8080));
        lasting.listeningOn(80, 53);
        assertThat(outside.tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(outside.udp(Lab.HOST_ADDRESS, 5353)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(lasting.exec("ping", "-c", "1", "-W", "2", Lab.OUTSIDE_ADDRESS)
                        .succeeded())
                .isTrue();
        assertThat(outside.reaches(Lab.HOST_ADDRESS, 8081))
                .as("no restart policy")
                .isFalse();

        LAB.docker().docker("start", stopped.id()).orThrow();
        stopped.listeningOn(80);
        assertThat(outside.tcp(Lab.HOST_ADDRESS, 8081)).startsWith(Lab.OUTSIDE_ADDRESS + " ");

        LAB.docker().removeEverything();
        assertThat(bridges()).isEmpty();
        assertThat(LAB.host().shell("ip -brief link")).doesNotContain("jv");
    }

    /** Names, addresses and MAC addresses of the networks' bridges. */
    private static String bridges() {
        return LAB.host()
                .shell("ip -brief link show type bridge | grep -v docker0 | awk '{ print $1, $3 }' | sort;"
                        + " ip -brief -4 address show | grep '^jbr-' | awk '{ print $1, $3 }' | sort");
    }
}
