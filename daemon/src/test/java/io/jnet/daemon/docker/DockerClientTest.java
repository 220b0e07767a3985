package io.jnet.daemon.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.daemon.client.ClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of something that answers where Docker's socket is. */
class DockerClientTest {
    @TempDir
    private Path folder;

    private String container = "{}";
    private int status = 200;
    private FakeDocker docker;
    private DockerClient client;

    @BeforeEach
    void start() throws IOException {
        docker = FakeDocker.start(
                folder,
                routes -> routes.get("/containers/{id}/json", context -> context.status(status)
                        .result(container)));
        client = DockerClient.of(docker.environment());
    }

    @AfterEach
    void stop() {
        docker.close();
    }

    @Test
    void anAnswerThatIsNoJsonIsSaidToBeNone() {
        container = "<html>";
        assertThatThrownBy(() -> client.running("web"))
                .isInstanceOf(ClientException.class)
                .hasMessage("Docker's answer is no JSON");
        assertThatThrownBy(() -> client.connected("web"))
                .isInstanceOf(ClientException.class)
                .hasMessage("Docker's answer is no JSON");
    }

    @Test
    void aRunningContainerIsItsIdentityItsNameAndItsFirstProcess() {
        container = "{\"Id\": \"c1\", \"Name\": \"/web\", \"State\": {\"Pid\": 42}}";
        assertThat(client.running("web")).isEqualTo(new DockerClient.RunningContainer("c1", "web", 42));
        container = "{\"Id\": \"c1\", \"State\": {\"Pid\": 0}}";
        assertThatThrownBy(() -> client.running("web")).hasMessage("container web does not run");
    }

    @Test
    void aContainerThatIsNotThereIsNotLookedInto() {
        status = 404;
        container = "no page";
        assertThatThrownBy(() -> client.running("web")).hasMessage("no such container: web");
    }

    @Test
    void endpointsThatAContainerWillHaveAreNone() {
        container =
                "{\"Id\": \"c1\", \"Name\": \"/web\", \"NetworkSettings\": {\"Networks\": {\"a\": {\"EndpointID\": \"e1\"},"
                        + " \"b\": {\"EndpointID\": \"\"}}}}";
        assertThat(client.connected("web")).isEqualTo(new DockerClient.ConnectedContainer("c1", "web", List.of("e1")));
    }
}
