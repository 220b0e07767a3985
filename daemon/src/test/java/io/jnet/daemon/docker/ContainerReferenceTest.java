package io.jnet.daemon.docker;

import static io.jnet.daemon.docker.EndpointViews.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.EndpointView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with Docker and a runtime of CNI. */
class ContainerReferenceTest {
    private static final String DOCKER_ID = "db".repeat(32);
    private static final String CNI_ID = "c1".repeat(32);
    private static final EndpointView OF_DOCKER = endpoint("e1".repeat(32), Optional.empty());
    private static final EndpointView OF_CNI = endpoint("cni-2", Optional.of(CNI_ID), "db");
    private static final EndpointView BY_HAND = endpoint("cni-3", Optional.of(DOCKER_ID), "front");

    @TempDir
    private Path folder;

    private final Map<String, String> inspected = new HashMap<>();
    private int status = 404;
    private FakeDocker docker;
    private FakeDocker daemon;
    private ControlClient client;

    @BeforeEach
    void start() throws IOException {
        docker = FakeDocker.start(
                Files.createDirectory(folder.resolve("docker")),
                routes -> routes.get("/containers/{name}/json", context -> {
                    String answer = inspected.get(context.pathParam("name"));
                    context.status(answer == null ? status : 200).result(answer == null ? "{}" : answer);
                }));
        List<EndpointView> all = List.of(OF_DOCKER, OF_CNI, BY_HAND);
        daemon = FakeDocker.start(Files.createDirectory(folder.resolve("jnet")), routes -> {
            routes.get("/v1/endpoints", context -> context.result(ControlJson.write(all)));
            routes.get("/v1/endpoints/{id}", context -> {
                Optional<EndpointView> found = all.stream()
                        .filter(one -> one.id().startsWith(context.pathParam("id")))
                        .findFirst();
                context.status(found.isPresent() ? 200 : 404)
                        .result(ControlJson.write(found.isPresent() ? found.get() : Map.of("error", "no endpoint")));
            });
        });
        client = new ControlClient(folder.resolve("jnet/d.sock"));
    }

    @AfterEach
    void stop() {
        docker.close();
        daemon.close();
    }

    @Test
    void aContainerOfDockerIsAlsoWhatItIsAttachedToByHand() {
        container("front", OF_DOCKER.id());
        assertThat(find("front")).containsExactly(OF_DOCKER.id(), BY_HAND.id());
    }

    @Test
    void aBeginningOfDockersIdIsNotTheNameOfAnotherContainer() {
        container("front", OF_DOCKER.id());
        inspected.put("db", inspected.get("front"));
        assertThat(find("db")).containsExactly(OF_CNI.id());
        inspected.put("dbdb", inspected.get("front"));
        assertThat(find("dbdb")).containsExactly(OF_DOCKER.id(), BY_HAND.id());
        assertThatThrownBy(() -> new ContainerReference("dbdb", docker.environment()).endpointsToChange(client))
                .hasMessageContaining("give twelve characters");
    }

    @Test
    void twoContainersOfOneNameAreNamedByTheirIds() {
        container("db", OF_DOCKER.id());
        assertThatThrownBy(() -> find("db"))
                .hasMessage("two containers are called db: name one by its id: " + DOCKER_ID
                        + ", which is Docker's, or " + CNI_ID);
        assertThat(find(CNI_ID)).containsExactly(OF_CNI.id());
    }

    @Test
    void aContainerOfDockerThatIsElsewhereHidesNone() {
        inspected.put("db", "{\"Id\": \"" + "ee".repeat(32) + "\", \"Name\": \"/db\"}");
        assertThat(find("db")).containsExactly(OF_CNI.id());
        inspected.put("shop", "{\"Id\": \"" + "ee".repeat(32) + "\", \"Name\": \"/shop\"}");
        assertThatThrownBy(() -> find("shop")).hasMessage("container shop is not running on a jnet network");
    }

    @Test
    void whatDockerDoesNotSayIsNotGuessed() {
        status = 500;
        assertThatThrownBy(() -> find("db")).hasMessageContaining("status 500");
        assertThat(find(CNI_ID)).as("which is nobody else's").containsExactly(OF_CNI.id());
        docker.close();
        assertThat(find("db")).as("where there is no Docker").containsExactly(OF_CNI.id());
    }

    private void container(String name, String endpoint) {
        inspected.put(
                name,
                "{\"Id\": \"%s\", \"Name\": \"/%s\", \"NetworkSettings\": {\"Networks\": {\"n\": {\"EndpointID\": \"%s\"}}}}"
                        .formatted(DOCKER_ID, name, endpoint));
    }

    private List<String> find(String text) {
        return new ContainerReference(text, docker.environment())
                .endpoints(client).stream().map(EndpointView::id).toList();
    }
}
