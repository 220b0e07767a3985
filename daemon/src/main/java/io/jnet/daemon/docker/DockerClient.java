package io.jnet.daemon.docker;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.client.HttpAnswer;
import io.jnet.daemon.client.HttpQuestion;
import io.jnet.daemon.client.UnixHttpClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks Docker what it knows of containers, endpoints and networks. Only the command line's process does so: dockerd waits for the daemon while it holds its locks, so
 * the daemon must never wait for dockerd.
 */
public final class DockerClient {
    private static final String DEFAULT_SOCKET = "/var/run/docker.sock";

    /** For an answer that one can do without. */
    private static final Duration IMPATIENCE = Duration.ofSeconds(2);

    /** For an answer: a Docker engine that waits for something answers nobody. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of the network {@code none}, which every Docker engine has and nobody can remove. */
    private static final String NULL_DRIVER = "null";

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private static final JsonMapper JSON = new JsonMapper();

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
                    "DOCKER_HOST is not a unix:// socket: name the one of Docker on this host, or unset it");
        }
        return new DockerClient(Path.of(host.substring("unix://".length())));
    }

    /** Whether somebody listens on its socket, who may be standing still. */
    public boolean isThere() {
        try {
            UnixHttpClient.reach(socket, IMPATIENCE);
            return true;
        } catch (SocketTimeoutException full) {
            return true;
        } catch (IOException | RuntimeException failed) {
            return false;
        }
    }

    /**
     * A container on networks.
     *
     * @param id its identity
     * @param name what Docker calls it
     * @param endpoints the ids of its endpoints; none while it does not run
     */
    public record ConnectedContainer(String id, String name, List<String> endpoints) {}

    /**
     * A container with its endpoints.
     *
     * @param container its name or id
     * @throws ClientException when Docker does not answer or knows no such container
     */
    public ConnectedContainer connected(String container) {
        JsonNode found = inspect(container, "no endpoint " + container);
        List<String> ids = new ArrayList<>();
        for (JsonNode network : found.path("NetworkSettings").path("Networks")) {
            String id = network.path("EndpointID").asString("");
            if (!id.isEmpty()) {
                ids.add(id);
            }
        }
        return new ConnectedContainer(found.path("Id").asString(""), name(found), ids);
    }

    /**
     * A container that runs.
     *
     * @param id its identity
     * @param name what Docker calls it
     * @param processId of its first process
     */
    public record RunningContainer(String id, String name, long processId) {}

    /**
     * A running container.
     *
     * @param container its name or id
     * @throws ClientException when Docker does not answer, knows no such container, or it does not run
     */
    public RunningContainer running(String container) {
        JsonNode found = inspect(container, container + " is neither the path of a network namespace nor a process id");
        long pid = found.path("State").path("Pid").asLong(0);
        if (pid == 0) {
            throw ClientException.of("container " + container + " does not run");
        }
        return new RunningContainer(found.path("Id").asString(""), name(found), pid);
    }

    private static String name(JsonNode container) {
        return container.path("Name").asString("").replaceFirst("^/", "");
    }

    /**
     * Refuses an engine that is not root's: its networks are in a network namespace of its own, and jnet's are others'.
     *
     * @throws ClientException also when nobody answers
     */
    public void requireRoot() {
        String owner;
        try {
            owner = UnixHttpClient.owner(socket);
        } catch (IOException | RuntimeException failed) {
            throw unreachable(failed);
        }
        if (!owner.equals("root")) {
            throw ClientException.of("Docker on " + socket + " runs as user " + owner
                    + ": name the socket of the one that root runs with DOCKER_HOST=unix://PATH");
        }
    }

    /**
     * All networks, of whatever driver.
     *
     * @throws ClientException when Docker does not answer, or what answers is no Docker engine
     */
    public List<DockerNetwork> networks() {
        HttpAnswer answer = ask("/networks");
        if (answer.status() != OK) {
            throw ClientException.of("Docker on " + socket + " answered with status " + answer.status());
        }
        List<DockerNetwork> networks = new ArrayList<>();
        for (JsonNode network : read(answer)) {
            List<String> subnets = new ArrayList<>();
            for (JsonNode range : network.path("IPAM").path("Config")) {
                subnets.add(range.path("Subnet").asString(""));
            }
            networks.add(new DockerNetwork(
                    network.path("Id").asString(""),
                    network.path("Driver").asString(""),
                    network.path("IPAM").path("Driver").asString(""),
                    subnets));
        }
        // An empty list from something else would make everything look forgotten.
        if (networks.stream().noneMatch(network -> network.driver().equals(NULL_DRIVER))) {
            throw ClientException.of("what answers on " + socket + " is no Docker engine: it has no network \"none\"");
        }
        return networks;
    }

    /**
     * The ids of the endpoints on a network, with containers and without; empty when there is no such network any more.
     *
     * @param id of the network
     * @throws ClientException when Docker does not answer
     */
    public Set<String> networkEndpoints(String id) {
        HttpAnswer answer = ask("/networks/" + ControlClient.encode(id));
        if (answer.status() == NOT_FOUND) {
            return Set.of();
        }
        JsonNode network = read(answer);
        if (answer.status() != OK || !network.path("Id").asString("").equals(id)) {
            throw ClientException.of("Docker on " + socket + " answered with status " + answer.status()
                    + " when it was asked for network " + id);
        }
        Set<String> ids = new HashSet<>();
        for (JsonNode container : network.path("Containers")) {
            ids.add(container.path("EndpointID").asString(""));
        }
        return ids;
    }

    /**
     * The names of running containers, by the ids of their endpoints. An engine that does not answer at once is not waited for.
     *
     * @throws ClientException when Docker does not answer
     */
    public Map<String, String> containerNames() {
        Map<String, String> names = new HashMap<>();
        for (JsonNode container : read(ask("/containers/json", IMPATIENCE))) {
            String name = container.path("Names").path(0).asString("").replaceFirst("^/", "");
            for (JsonNode network : container.path("NetworkSettings").path("Networks")) {
                names.put(network.path("EndpointID").asString(""), name);
            }
        }
        return names;
    }

    /**
     * The names of all networks, by their ids. An engine that does not answer at once is not waited for.
     *
     * @throws ClientException when Docker does not answer
     */
    public Map<String, String> networkNames() {
        Map<String, String> names = new HashMap<>();
        for (JsonNode network : read(ask("/networks", IMPATIENCE))) {
            names.put(network.path("Id").asString(""), network.path("Name").asString(""));
        }
        return names;
    }

    /**
     * What Docker says of something.
     *
     * @param segments the path in its API, element by element, encoded here
     * @throws ClientException when Docker does not answer or knows no such thing
     */
    public JsonNode get(String... segments) {
        return found(Arrays.stream(segments).map(ControlClient::encode).collect(Collectors.joining("/", "/", "")));
    }

    /**
     * All containers that are connected to a network or will be when they start, in few words.
     *
     * @param network its id
     * @throws ClientException when Docker does not answer
     */
    public JsonNode containersOf(String network) {
        ObjectNode filters = JSON.createObjectNode();
        filters.putArray("network").add(network);
        return found("/containers/json?all=1&filters=" + ControlClient.encode(filters.toString()));
    }

    private JsonNode found(String target) {
        HttpAnswer answer = ask(target);
        JsonNode body = read(answer);
        if (answer.status() == OK) {
            return body;
        }
        String message = "Docker says: " + body.path("message").asString("status " + answer.status());
        throw answer.status() == NOT_FOUND ? ClientException.notFound(message) : ClientException.of(message);
    }

    private HttpAnswer ask(String target) {
        return ask(target, PATIENCE);
    }

    private HttpAnswer ask(String target, Duration patience) {
        try {
            return UnixHttpClient.ask(socket, HttpQuestion.get(target), patience);
        } catch (IOException | RuntimeException failed) {
            throw unreachable(failed);
        }
    }

    private static JsonNode read(HttpAnswer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException broken) {
            throw ClientException.of("Docker's answer is no JSON", broken);
        }
    }

    private ClientException unreachable(Exception failed) {
        return ClientException.of(
                "Docker does not answer on " + socket + ": start it, or name its socket with DOCKER_HOST=unix://PATH",
                failed);
    }

    /** @param otherwise what the name is not, in words */
    private JsonNode inspect(String container, String otherwise) {
        HttpAnswer answer;
        try {
            answer = UnixHttpClient.ask(
                    socket, HttpQuestion.get("/containers/" + ControlClient.encode(container) + "/json"), PATIENCE);
        } catch (IOException | RuntimeException failed) {
            throw ClientException.of(
                    otherwise + ", and Docker, asked for a container of that name, does not answer on " + socket,
                    failed);
        }
        if (answer.status() == NOT_FOUND) {
            throw ClientException.notFound("no such container: " + container);
        }
        if (answer.status() != OK) {
            throw ClientException.of("Docker answered with status " + answer.status());
        }
        return read(answer);
    }
}
