package io.jnet.daemon.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks Docker for a container's endpoints. Only the command line's process does so: dockerd waits for the daemon while it holds its locks, so
 * the daemon must never wait for dockerd.
 */
public final class DockerClient {
    private static final String DEFAULT_SOCKET = "/var/run/docker.sock";

    private final Path socket;

    private DockerClient(Path socket) {
        this.socket = socket;
    }

    /**
     * The Docker engine that the environment names, as Docker's own command line reads it.
     *
     * @throws ClientException when {@code DOCKER_HOST} names no Unix-domain socket
     */
    public static DockerClient of(Map<String, String> environment) {
        String host = Optional.ofNullable(environment.get("DOCKER_HOST")).orElse("");
        if (host.isEmpty()) {
            return new DockerClient(Path.of(DEFAULT_SOCKET));
        }
        if (!host.startsWith("unix://")) {
            throw ClientException.of(
                    "DOCKER_HOST is not a unix:// socket: give the endpoint's id instead of the container");
        }
        return new DockerClient(Path.of(host.substring("unix://".length())));
    }

    /**
     * The ids of the endpoints of a running container.
     *
     * @param container its name or id
     * @throws ClientException when Docker does not answer or knows no such container
     */
    public List<String> endpoints(String container) {
        return endpointIds(inspect(container));
    }

    /**
     * The process id of a running container.
     *
     * @param container its name or id
     * @throws ClientException when Docker does not answer, knows no such container, or it does not run
     */
    public long processId(String container) {
        long pid = new JsonMapper()
                .readTree(inspect(container))
                .path("State")
                .path("Pid")
                .asLong(0);
        if (pid == 0) {
            throw ClientException.of("container " + container + " does not run");
        }
        return pid;
    }

    private byte[] inspect(String container) {
        HttpAnswer answer;
        try {
            answer = UnixHttpClient.ask(socket, "GET", "/containers/" + ControlClient.encode(container) + "/json");
        } catch (IOException | RuntimeException failed) {
            throw ClientException.of(
                    "no endpoint " + container + ", and Docker, asked for a container of that name, does not answer on "
                            + socket,
                    failed);
        }
        if (answer.status() == 404) {
            throw ClientException.notFound("no such container: " + container);
        }
        if (answer.status() != 200) {
            throw ClientException.of("Docker answered with status " + answer.status());
        }
        return answer.body();
    }

    private static List<String> endpointIds(byte[] body) {
        try {
            JsonNode networks =
                    new JsonMapper().readTree(body).path("NetworkSettings").path("Networks");
            List<String> ids = new ArrayList<>();
            for (JsonNode network : networks) {
                String id = network.path("EndpointID").asString("");
                if (!id.isEmpty()) {
                    ids.add(id);
                }
            }
            return ids;
        } catch (JacksonException broken) {
            throw ClientException.of("Docker's answer is no JSON", broken);
        }
    }
}
