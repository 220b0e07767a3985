package io.jnet.daemon.migrate;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.docker.DockerClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Plans what becomes of networks of Docker's bridge driver. */
public final class MigrationPlan {
    private static final String BRIDGE_DRIVER = "bridge";
    private static final String COMPOSE = "com.docker.compose.";

    /** Docker's own: the one of containers without a network, and the one by which Swarm's reach the outside. */
    private static final Set<String> DOCKERS_OWN = Set.of("bridge", "docker_gwbridge");

    private static final Pattern API_VERSION = Pattern.compile("1\\.([0-9]{1,4})");
    /** Of Docker 25, from which on a MAC address is asked for with each connection (Docker Engine API, version history). */
    private static final int MAC_OF_CONNECTION = 44;

    private final DockerClient docker;
    private final Supplier<String> driver;

    /** @param driver what Docker calls jnet's; asked for when there is something to migrate */
    public MigrationPlan(DockerClient docker, Supplier<String> driver) {
        this.docker = docker;
        this.driver = driver;
    }

    /**
     * For some networks, or for all that are not Docker's own.
     *
     * @param references names or ids; empty: all
     * @throws ClientException when Docker does not answer, knows no such network, or it is of another driver
     */
    public List<Migration> of(List<String> references) {
        List<JsonNode> networks = references.isEmpty()
                ? all()
                : references.stream().map(this::named).toList();
        if (networks.isEmpty()) {
            return List.of();
        }
        String name = driver.get();
        return networks.stream().map(network -> plan(network, name)).toList();
    }

    private List<JsonNode> all() {
        return docker.get("networks")
                .valueStream()
                .filter(network -> isBridge(network) && !DOCKERS_OWN.contains(name(network)))
                .map(network -> docker.get("networks", id(network)))
                .toList();
    }

    private JsonNode named(String reference) {
        JsonNode network = docker.get("networks", reference);
        if (!isBridge(network)) {
            throw ClientException.of("network " + reference + " is not of Docker's bridge driver but of "
                    + network.path("Driver").asString("none"));
        }
        if (DOCKERS_OWN.contains(name(network))) {
            throw ClientException.of("network " + reference
                    + " is Docker's own and stays: make one of your own with \"docker network create -d jnet\"");
        }
        return network;
    }

    private Migration plan(JsonNode network, String driverName) {
        Optional<String> refusal = CreationCheck.refusal(network);
        return refusal.isPresent()
                ? byHand(network, "stays, jnet would refuse it: " + refusal.get())
                : movable(network, driverName);
    }

    private static Migration byHand(JsonNode network, String... notes) {
        return new Migration(name(network), List.of(notes), List.of());
    }

    private Migration movable(JsonNode network, String driverName) {
        JsonNode labels = network.path("Labels");
        if (labels.has(COMPOSE + "project")) {
            String project = labels.path(COMPOSE + "project").asString("");
            return byHand(
                    network,
                    "network \"" + labels.path(COMPOSE + "network").asString("") + "\" of the Compose project \""
                            + project + "\": give it \"driver: " + driverName + "\" in the project's file, then",
                    "docker compose -p " + ShellLine.of(List.of(project)) + " down, and up again");
        }
        if (!network.path("ConfigFrom").path("Network").asString("").isEmpty()) {
            return byHand(network, "made of another network's configuration: make it again by hand");
        }
        List<Connection> connections = connections(network);
        List<List<String>> commands = new ArrayList<>();
        connections.forEach(connection ->
                commands.add(List.of("docker", "network", "disconnect", name(network), connection.container())));
        commands.add(List.of("docker", "network", "rm", name(network)));
        commands.add(NetworkCreation.of(network, driverName));
        for (Connection connection : connections) {
            List<String> connect = new ArrayList<>(List.of("docker", "network", "connect"));
            connect.addAll(connection.options());
            connect.add(name(network));
            connect.add(connection.container());
            commands.add(connect);
        }
        return new Migration(name(network), notes(connections), commands);
    }

    private static List<String> notes(List<Connection> connections) {
        List<String> notes = new ArrayList<>();
        if (!connections.isEmpty()) {
            notes.add("without it from the first command to the last: "
                    + connections.stream().map(Connection::container).collect(Collectors.joining(", ")));
        }
        for (Connection connection : connections) {
            connection
                    .lostMac()
                    .ifPresent(mac -> notes.add(connection.container() + " gets another MAC address than " + mac
                            + ": \"docker network connect\" has no option for one"));
        }
        return notes;
    }

    /** Of all containers, running or not: one that is not would look for the network that was removed. Those with certain addresses first. */
    private List<Connection> connections(JsonNode network) {
        List<Connection> connections = new ArrayList<>();
        for (JsonNode one : docker.containersOf(id(network))) {
            JsonNode container = docker.get("containers", id(one), "json");
            connections.add(Connection.of(container, name(network), keptMac(container)));
        }
        connections.sort(Comparator.comparing(connection -> !connection.isPinned()));
        return connections;
    }

    /** Docker before 25 has a MAC address for the container, and uses it again; later ones show the one that it happens to have there. */
    private String keptMac(JsonNode container) {
        String mac = container.path("Config").path("MacAddress").asString("");
        return mac.isEmpty() || !hasMacOfContainer() ? "" : mac;
    }

    private boolean hasMacOfContainer() {
        Matcher version =
                API_VERSION.matcher(docker.get("version").path("ApiVersion").asString(""));
        return version.matches() && Integer.parseInt(version.group(1)) < MAC_OF_CONNECTION;
    }

    private static boolean isBridge(JsonNode network) {
        return network.path("Driver").asString("").equals(BRIDGE_DRIVER);
    }

    private static String name(JsonNode network) {
        return network.path("Name").asString("");
    }

    private static String id(JsonNode object) {
        return object.path("Id").asString("");
    }
}
