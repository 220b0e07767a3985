package io.jnet.testbed.load;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** What an engine should have, as its users know it. Thread-safe; compared while no user is in the middle of something. */
public final class Expected {
    private final Set<String> networks = ConcurrentHashMap.newKeySet();
    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

    /** How far an endpoint's life has come. */
    enum State {
        CREATED,
        JOINED,
        /** Also forgotten, if the daemon has started again since: its container has gone. */
        LEFT
    }

    private record Endpoint(String network, State state, Set<Integer> ports) {}

    void network(String id) {
        networks.add(id);
    }

    void noNetwork(String id) {
        networks.remove(id);
    }

    void endpoint(String id, String network, State state, Set<Integer> ports) {
        endpoints.put(id, new Endpoint(network, state, Set.copyOf(ports)));
    }

    void noEndpoint(String id) {
        endpoints.remove(id);
    }

    /**
     * What is not as it should be, a line each; empty when all is.
     *
     * @param actualNetworks as {@code jnet network ls --json} prints them
     * @param actualEndpoints as {@code jnet endpoint ls --json}
     * @param hostLinks the host's ends of veth pairs that the kernel has
     */
    public String difference(JsonNode actualNetworks, JsonNode actualEndpoints, Set<String> hostLinks) {
        Map<String, String> expected = new TreeMap<>();
        networks.forEach(id -> expected.put("network " + id, "ready"));
        Map<String, String> actual = new TreeMap<>();
        actualNetworks.forEach(network -> actual.put(
                "network " + network.path("id").asString(),
                network.path("state").asString()));
        endpoints.forEach((id, endpoint) -> expected.put("endpoint " + id, describe(endpoint)));
        Set<String> connected = new TreeSet<>();
        for (JsonNode endpoint : actualEndpoints) {
            String id = endpoint.path("id").asString();
            Set<Integer> ports = new TreeSet<>();
            endpoint.path("ports")
                    .forEach(port -> ports.add(port.path("hostPort").asInt()));
            actual.put(
                    "endpoint " + id,
                    endpoint.path("network").asString() + " "
                            + endpoint.path("state").asString() + " " + ports);
            if (!endpoint.path("state").asString().equals("created")) {
                connected.add(endpoint.path("hostLink").asString());
            }
        }
        endpoints.entrySet().stream()
                .filter(endpoint -> endpoint.getValue().state() == State.LEFT)
                .map(endpoint -> "endpoint " + endpoint.getKey())
                .filter(key -> !actual.containsKey(key))
                .forEach(expected::remove);
        StringBuilder difference = new StringBuilder();
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        for (String key : keys) {
            String should = expected.getOrDefault(key, "absent");
            String is = actual.getOrDefault(key, "absent");
            if (!should.equals(is)) {
                difference.append("%s: should be %s, is %s%n".formatted(key, should, is));
            }
        }
        if (!connected.equals(hostLinks)) {
            difference.append("links: should be %s, are %s%n".formatted(connected, hostLinks));
        }
        return difference.toString();
    }

    private static String describe(Endpoint endpoint) {
        return endpoint.network() + " " + endpoint.state().name().toLowerCase(Locale.ROOT) + " "
                + new TreeSet<>(endpoint.ports());
    }
}
