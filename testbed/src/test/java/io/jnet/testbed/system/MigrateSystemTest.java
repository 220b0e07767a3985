package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code jnet migrate}: what it prints is run by a shell, and the networks of Docker's bridge driver are jnet's. */
@SystemTest
class MigrateSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String SHAPE =
            "{{.Driver}} {{json .IPAM.Config}} {{.Internal}} {{.Attachable}} {{json .Labels}} {{index .Options \"com.docker.network.driver.mtu\"}}";

    @BeforeEach
    void requireJnet() {
        assumeTrue(LAB.usesJnet(), "nothing to migrate to");
    }

    @Test
    void networksAndTheirContainersBecomeJnets() {
        docker(
                "network",
                "create",
                "--subnet",
                "10.91.1.0/24",
                "--gateway",
                "10.91.1.254",
                "--ip-range",
                "10.91.1.128/25",
                "--aux-address",
                "printer=10.91.1.5",
                "--attachable",
                "--label",
                "purpose=it's \"the\" $HOME",
                "--opt",
                "com.docker.network.driver.mtu=1400",
                "shop");
        docker("network", "create", "--internal", "back");
        Container server = LAB.docker()
                .serve(
                        List.of(
                                "--network",
                                "shop",
                                "--name",
                                "server",
                                "--ip",
                                "10.91.1.128",
                                "--network-alias",
                                "www",
                                "--publish",
                                "8080:80"),
                        Servers.tellPeer(80))
                .listeningOn(80);
        docker("network", "connect", "back", "server");
        Container client = LAB.docker().idle("--network", "shop", "--name", "client");
        docker("create", "--name", "stopped", "--network", "shop", Images.TOOLS, "sleep", "100");
        String before = docker("network", "inspect", "--format", SHAPE, "shop").text();

        String script = LAB.jnet().run("migrate").orThrow().output();
        assertThat(LAB.jnet().run("migrate", "--json").orThrow().text()).contains("\"network\":\"shop\"");
        LAB.host().run("sh", "-ec", script).orThrow();

        assertThat(docker("network", "inspect", "--format", SHAPE, "shop").text())
                .isEqualTo(before.replaceFirst("^bridge", "jnet"));
        assertThat(LAB.jnet().run("network", "ls").orThrow().text()).contains("shop", "back");
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(server.address("shop")).isEqualTo("10.91.1.128");
        assertThat(client.shell("ping -c 1 -W 2 www")).contains("10.91.1.128");
        docker("start", "stopped");
        docker("restart", "--time", "0", "server");
        assertThat(LAB.jnet().run("migrate").orThrow().text())
                .isEqualTo("# Docker has no networks of its bridge driver but its own.");
    }

    @Test
    void whatIsNotToBeMigratedIsNamed() {
        docker(
                "network",
                "create",
                "--label",
                "com.docker.compose.project=shop",
                "--label",
                "com.docker.compose.network=default",
                "shop_default");
        assertThat(LAB.jnet().run("migrate", "shop_default").orThrow().text())
                .contains("network \"default\" of the Compose project \"shop\"")
                .doesNotContain("\ndocker ");
        assertRefused("is Docker's own and stays", "bridge");
        assertRefused("is not of Docker's bridge driver but of host", "host");
        assertRefused("network nobody not found", "nobody");
    }

    /** A script that removes networks before it finds that nobody makes them again is worse than none. */
    @Test
    void nothingIsPrintedThatJnetWouldNotDo() {
        docker("network", "create", "--opt", "io.jnet.nonsense=1", "odd");
        assertThat(LAB.jnet().run("migrate", "odd").orThrow().text())
                .contains("stays, jnet would refuse it: unknown option io.jnet.nonsense")
                .doesNotContain("\ndocker ");

        docker("network", "create", "plain");
        assertThat(LAB.jnet().run("migrate", "plain").orThrow().text()).contains("--driver jnet ");
        LAB.jnet().stop();
        try {
            assertRefused("there is no jnet to migrate to", "plain");
            assertThat(LAB.jnet()
                            .run("migrate", "plain", "--driver", "jnet:latest")
                            .orThrow()
                            .text())
                    .contains("--driver jnet:latest ");
        } finally {
            LAB.jnet().startAgain();
        }
        docker("network", "rm", "plain", "odd");
    }

    private static void assertRefused(String reason, String network) {
        CommandResult refused = LAB.jnet().run("migrate", network);
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.errors().strip()).containsIgnoringCase(reason).doesNotContain("\n");
    }

    private static CommandResult docker(String... command) {
        return LAB.docker().docker(command).orThrow();
    }
}
