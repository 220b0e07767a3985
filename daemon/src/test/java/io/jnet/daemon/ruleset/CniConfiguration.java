package io.jnet.daemon.ruleset;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A CNI configuration with jnet, as a person writes it and as a runtime sends it.
 *
 * @param before the plugin that makes the interface, as JSON; empty: jnet does
 * @param keys those of jnet, as JSON
 */
record CniConfiguration(String before, String keys) implements NetworkRequest {
    static final String CONTAINER = "c1";
    static final String ADDRESS = "10.77.0.2/24";

    /** With jnet alone. */
    CniConfiguration(String keys) {
        this("", keys);
    }

    @Override
    public String text() {
        return """
               cat >/etc/cni/net.d/10-web.conflist <<'END'
               {"cniVersion": "1.0.0", "name": "web", "plugins": [%s{"type": "jnet", %s}]}
               END"""
                .formatted(before.isEmpty() ? "" : before + ", ", keys);
    }

    @Override
    public String container() {
        return isAfterAnother()
                ? "nerdctl run " + DocumentedHost.PUBLISHED + " --network web ..."
                : "ctr run --cni ... " + CONTAINER;
    }

    /** Whether another plugin makes the interface. */
    boolean isAfterAnother() {
        return !before.isEmpty();
    }

    /** What the plugin gets. */
    String input() {
        String more = isAfterAnother() ? PREVIOUS.formatted(ADDRESS, ports()) : "";
        return "{\"cniVersion\": \"1.0.0\", \"name\": \"web\", \"type\": \"jnet\", " + keys + more + "}";
    }

    private static final String PREVIOUS =
            """
            , "prevResult": {
                "interfaces": [{"name": "eth0", "sandbox": "/run/netns/c1"}],
                "ips": [{"address": "%s", "interface": 0}]},
              "runtimeConfig": {"portMappings": [%s]}
            """;

    private static final String MAPPING =
            """
            {"hostPort": %d, "containerPort": %d, "protocol": "%s", "hostIP": "%s"}
            """;

    /** What a runtime makes of {@link DocumentedHost#PUBLISHED}. */
    private static String ports() {
        Stream<String> range = IntStream.range(20000, 20010).mapToObj(port -> MAPPING.formatted(port, port, "tcp", ""));
        return Stream.concat(
                        Stream.of(
                                MAPPING.formatted(8080, 80, "tcp", ""),
                                MAPPING.formatted(5353, 53, "udp", DocumentedHost.HOST)),
                        range)
                .collect(Collectors.joining(","));
    }
}
