package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A project of docker-compose with two services on a network of the driver under test. */
@SystemTest
class ComposeSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String PROJECT =
            """
            version: "3.8"
            services:
              web:
                image: %s
                init: true
                command: ["sh", "-c", "%s"]
                ports: ["8080:80"]
                networks: [front]
              worker:
                image: %s
                init: true
                command: ["sh", "-c", "%s"]
                networks: [front]
            networks:
              front:
                driver: %s
                driver_opts:
                  com.docker.network.bridge.name: front0
                  com.docker.network.driver.mtu: "1400"
                ipam:
                  config:
                    - subnet: 10.90.8.0/24
            """;

    private Path file;

    @BeforeEach
    void writeTheProject() throws IOException {
        file = LAB.lab().folder().resolve("docker-compose.yml");
        // A dollar sign is docker-compose's own for a variable; two are one.
        String web = Servers.tellPeer(80).replace("$", "$$");
        Files.writeString(file, PROJECT.formatted(Images.TOOLS, web, Images.TOOLS, web, LAB.driver()));
    }

    private CommandResult compose(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("docker-compose", "--project-name", "shop", "--file", file.toString()));
        command.addAll(List.of(arguments));
        return LAB.host().run(command);
    }

    @Test
    void upScaleDownUpAgainAndNothingLeft() {
        HostDump clean = HostDump.of(LAB.host());
        Probe outside = Probe.on(LAB.lab().outside());
        for (int round = 0; round < 2; round++) {
            compose("up", "--detach").orThrow();
            Eventually.holds(
                    "the web service answers", Duration.ofSeconds(20), () -> outside.reaches(Lab.HOST_ADDRESS, 8080));
            assertThat(outside.tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
            assertThat(LAB.host().shell("ip link show front0")).contains("mtu 1400");

            compose("up", "--detach", "--scale", "worker=3").orThrow();
            assertThat(compose("ps", "--quiet", "worker").orThrow().lines()).hasSize(3);
            assertThat(inWorker("socat -t20 -T20 - TCP:web:80").orThrow().text())
                    .startsWith("10.90.8.");
            assertThat(inWorker("cat /sys/class/net/eth0/mtu").orThrow().text()).isEqualTo("1400");

            compose("up", "--detach", "--scale", "worker=1").orThrow();
            assertThat(outside.reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
            compose("down", "--timeout", "0").orThrow();
            assertThat(outside.reaches(Lab.HOST_ADDRESS, 8080)).isFalse();
        }
        assertThat(clean.difference(HostDump.of(LAB.host()))).isEmpty();
    }

    private CommandResult inWorker(String line) {
        return compose("exec", "-T", "worker", "sh", "-c", line);
    }
}
