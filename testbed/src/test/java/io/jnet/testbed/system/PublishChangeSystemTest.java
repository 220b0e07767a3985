package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code jnet publish}: the published ports of a container that runs become others. */
@SystemTest
class PublishChangeSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String NAME = "changing";

    private Container container;

    @BeforeEach
    void serve() {
        assumeTrue(LAB.usesJnet(), "Docker cannot");
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24", "--opt", "io.jnet.name=web");
        container = LAB.docker()
                .serve(
                        List.of("--network", "web", "--name", NAME, "--publish", "8080:80"),
                        Servers.tellPeer(80),
                        Servers.tellPeer(81))
                .listeningOn(80, 81);
    }

    @Test
    void portsComeAndGoAndTheOthersStay() {
        HostDump before = HostDump.of(LAB.host());
        assertThat(reaches(8081)).isFalse();

        assertThat(jnet("publish", "add", NAME, "8081:81", "127.0.0.1:8082:80").lines())
                .contains("80/tcp -> 0.0.0.0:8080", "81/tcp -> 0.0.0.0:8081", "80/tcp -> 127.0.0.1:8082")
                .last()
                .asString()
                .contains("until the container stops");
        assertThat(reaches(8081)).isTrue();
        assertThat(reaches(8080)).isTrue();
        assertThat(reaches(8082)).as("on loopback only").isFalse();
        assertThat(Probe.on(LAB.host()).tcp("127.0.0.1", 8082)).isNotEmpty();

        LAB.jnet().kill();
        assertThat(reaches(8081)).as("without the daemon").isTrue();
        LAB.jnet().startAgain();
        assertThat(reaches(8081)).as("with the next one").isTrue();
        assertThat(jnet("port", NAME).text()).contains("81/tcp -> 0.0.0.0:8081");

        assertThat(jnet("publish", "add", NAME, "5353:53/udp").lines()).contains("53/udp -> 0.0.0.0:5353");
        jnet("publish", "rm", NAME, "8081", "8082:80", "5353/udp");
        assertThat(reaches(8081)).isFalse();
        assertThat(reaches(8080)).isTrue();
        assertThat(before.difference(HostDump.of(LAB.host()))).isEmpty();
    }

    @Test
    void holdsUntilTheContainerStops() {
        jnet("publish", "add", container.id().substring(0, 12), "8081:81");
        jnet("publish", "rm", container.id().substring(0, 12), "8080");
        assertThat(reaches(8080)).isFalse();
        LAB.docker().docker("restart", "--time", "0", NAME).orThrow();
        container.listeningOn(80, 81);
        assertThat(reaches(8080)).isTrue();
        assertThat(reaches(8081)).isFalse();
    }

    @Test
    void whatCannotBeIsRefusedInOneLineAndChangesNothing() {
        try (BackgroundProcess holder = LAB.host().start("socat", "TCP4-LISTEN:8085,fork,reuseaddr", "EXEC:cat")) {
            Eventually.holds(holder + " listens", Duration.ofSeconds(10), () -> LAB.host()
                    .shell("ss -lnt")
                    .contains(":8085 "));
            HostDump before = HostDump.of(LAB.host());
            assertRefused("8085/tcp", "publish", "add", NAME, "8084:81", "8085:81");
            assertRefused("published by this container already", "publish", "add", NAME, "8080:81");
            assertRefused("does not publish port 8084/tcp", "publish", "rm", NAME, "8080", "8084");
            assertRefused("invalid published port \"81\"", "publish", "add", NAME, "81");
            assertRefused("no endpoint and no container nobody", "publish", "add", "nobody", "8084:81");
            assertRefused(
                    "is not on network other, but on web", "publish", "add", NAME, "8084:81", "--network", "other");
            assertThat(before.difference(HostDump.of(LAB.host()))).isEmpty();
        }
    }

    @Test
    void onSeveralNetworksItIsTheOneThatPublishes() {
        LAB.createNetwork("back", "--subnet", "10.90.2.0/24", "--opt", "io.jnet.name=back");
        LAB.docker().docker("network", "connect", "back", NAME).orThrow();
        jnet("publish", "add", NAME, "8081:81");
        assertThat(reaches(8081)).isTrue();
        assertThat(reaches(8080)).isTrue();
        jnet("publish", "rm", NAME, "8081");
        jnet("publish", "rm", NAME, "8080");
        assertRefused("of its default route with --network, of back, web", "publish", "add", NAME, "8081:81");
        // Docker takes the first by name.
        jnet("publish", "add", "--network", "back", NAME, "8081:81");
        assertThat(reaches(8081)).isTrue();
    }

    private static void assertRefused(String reason, String... command) {
        CommandResult refused = LAB.jnet().run(command);
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.errors().strip()).contains(reason).doesNotContain("\n");
    }

    private static CommandResult jnet(String... command) {
        return LAB.jnet().run(command).orThrow();
    }

    private static boolean reaches(int port) {
        return Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, port);
    }
}
