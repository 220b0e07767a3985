package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Lab;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.TestcontainersConfiguration;

/** A program that speaks Docker's API, as many projects' tests do: Testcontainers, told nothing but the driver's name. */
@SystemTest
class TestcontainersSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    /** The version of the API of dockerd 20.10; Testcontainers asks for a newer one otherwise. */
    private static final String API_VERSION = "1.41";

    @BeforeAll
    static void nameTheEngine() {
        // In memory only: the file that it may write its findings to is in the lab.
        System.setProperty("user.home", LAB.lab().folder().toString());
        TestcontainersConfiguration.getInstance()
                .getUserProperties()
                .setProperty("docker.host", "unix://" + LAB.docker().apiSocket());
        System.setProperty("api.version", API_VERSION);
    }

    private static GenericContainer<?> container(Network network, String command) {
        return new GenericContainer<>(DockerImageName.parse(Images.TOOLS))
                .withImagePullPolicy(image -> false)
                .withNetwork(network)
                .withCommand("sh", "-c", command);
    }

    @Test
    void containersOfATestFindEachOtherAndArePublished() throws IOException, InterruptedException {
        try (Network network = Network.builder().driver(LAB.driver()).build();
                GenericContainer<?> server = container(network, Servers.tellPeer(80))
                        .withNetworkAliases("server")
                        .waitingFor(Wait.forSuccessfulCommand("netstat -lnt | grep -q ':80 '"));
                GenericContainer<?> client = container(network, "sleep 1000000")) {
            server.setPortBindings(List.of("8080:80"));
            server.start();
            client.start();
            ExecResult answer = client.execInContainer("socat", "-t20", "-T20", "-", "TCP:server:80");
            assertThat(answer.getExitCode()).as(answer.getStderr()).isZero();
            assertThat(answer.getStdout()).isNotBlank();
            assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080))
                    .startsWith(Lab.OUTSIDE_ADDRESS + " ");
        }
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8080))
                .isFalse();
    }
}
