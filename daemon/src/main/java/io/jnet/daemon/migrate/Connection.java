package io.jnet.daemon.migrate;

import io.jnet.engine.network.ShortId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A container's connection to a network, as far as somebody has asked for it and Docker does not find it out again by itself.
 *
 * @param container the container's name
 * @param options of {@code docker network connect}
 * @param lostMac a MAC address that somebody seems to have chosen and that does not come back: {@code docker network connect} has no
 *     option for it
 */
record Connection(String container, List<String> options, Optional<String> lostMac) {
    Connection {
        options = List.copyOf(options);
    }

    /**
     * @param container what Docker says of the container
     * @param network the network's name
     * @param keptMac the MAC address that Docker gives the container again by itself; empty: none
     */
    static Connection of(JsonNode container, String network, String keptMac) {
        JsonNode settings = container.path("NetworkSettings").path("Networks").path(network);
        List<String> options = new ArrayList<>();
        JsonNode asked = settings.path("IPAMConfig");
        add(options, "--ip", asked.path("IPv4Address"));
        add(options, "--ip6", asked.path("IPv6Address"));
        asked.path("LinkLocalIPs").forEach(address -> add(options, "--link-local-ip", address));
        String id = container.path("Id").asString("");
        for (JsonNode alias : settings.path("Aliases")) {
            // Docker's own.
            if (!(alias.asString("").length() == ShortId.LENGTH && id.startsWith(alias.asString("")))) {
                add(options, "--alias", alias);
            }
        }
        if (settings.path("GwPriority").asInt(0) != 0) {
            options.add("--gw-priority");
            options.add(Integer.toString(settings.path("GwPriority").asInt(0)));
        }
        settings.path("Links").forEach(link -> add(options, "--link", link));
        for (Map.Entry<String, JsonNode> option : settings.path("DriverOpts").properties()) {
            options.add("--driver-opt");
            options.add(asField(option.getKey() + "=" + option.getValue().asString("")));
        }
        return new Connection(
                container.path("Name").asString("").replaceFirst("^/", ""), options, lostMac(settings, keptMac));
    }

    /** Docker reads what follows {@code --driver-opt} as a line of CSV. */
    private static String asField(String text) {
        return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** Whether it takes a certain address, which nobody else must have got before. */
    boolean isPinned() {
        return options.contains("--ip") || options.contains("--ip6");
    }

    /**
     * Before Docker 28 one that nobody chose is a function of the IPv4 address (moby, GenerateMACFromIP); from 28 on it is random, and cannot
     * be told from one that was chosen.
     */
    private static Optional<String> lostMac(JsonNode settings, String keptMac) {
        String mac = settings.path("MacAddress").asString("");
        boolean kept = mac.isEmpty()
                || mac.equals(keptMac)
                || mac.equals(generated(settings.path("IPAddress").asString("")));
        return kept ? Optional.empty() : Optional.of(mac);
    }

    private static String generated(String address) {
        try {
            return Arrays.stream(address.split("\\.", -1))
                    .map(part -> "%02x".formatted(Integer.parseInt(part)))
                    .collect(Collectors.joining(":", "02:42:", ""));
        } catch (NumberFormatException none) {
            return "";
        }
    }

    private static void add(List<String> options, String option, JsonNode value) {
        if (!value.asString("").isEmpty()) {
            options.add(option);
            options.add(value.asString(""));
        }
    }
}
