package io.jnet.daemon.migrate;

import io.jnet.engine.network.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** {@code docker network create} for a network like one that there is, by jnet. */
final class NetworkCreation {
    private static final String OWN_NAME = "io.jnet.name";

    private final List<String> words = new ArrayList<>(List.of("docker", "network", "create"));

    private NetworkCreation() {}

    /**
     * @param network what Docker says of it
     * @param driver what Docker calls jnet's
     */
    static List<String> of(JsonNode network, String driver) {
        NetworkCreation creation = new NetworkCreation();
        creation.add("--driver", driver);
        creation.flags(network);
        creation.addresses(network.path("IPAM"));
        creation.options("--label", network.path("Labels"));
        creation.options("--opt", network.path("Options"));
        String name = network.path("Name").asString("");
        // Docker's names may hold what a DNS name and a rule may not: such a network goes by its id with jnet.
        if (!network.path("Options").has(OWN_NAME) && NetworkSpec.isName(name)) {
            creation.add("--opt", OWN_NAME + "=" + name);
        }
        creation.words.add(name);
        return creation.words;
    }

    private void flags(JsonNode network) {
        if (network.path("Internal").asBoolean(false)) {
            words.add("--internal");
        }
        if (network.path("Attachable").asBoolean(false)) {
            words.add("--attachable");
        }
        if (network.path("EnableIPv6").asBoolean(false)) {
            words.add("--ipv6");
        }
        if (!network.path("EnableIPv4").asBoolean(true)) {
            words.add("--ipv4=false");
        }
    }

    private void addresses(JsonNode ipam) {
        String driver = ipam.path("Driver").asString("default");
        if (!driver.equals("default") && !driver.isEmpty()) {
            add("--ipam-driver", driver);
        }
        options("--ipam-opt", ipam.path("Options"));
        for (JsonNode pool : ipam.path("Config")) {
            text("--subnet", pool.path("Subnet"));
            text("--ip-range", pool.path("IPRange"));
            // Some versions tell it with a prefix length, which none of them takes.
            String gateway = pool.path("Gateway").asString("").replaceFirst("/.*", "");
            if (!gateway.isEmpty()) {
                add("--gateway", gateway);
            }
            options("--aux-address", pool.path("AuxiliaryAddresses"));
        }
    }

    private void options(String option, JsonNode values) {
        for (Map.Entry<String, JsonNode> value : values.properties()) {
            add(option, value.getKey() + "=" + value.getValue().asString(""));
        }
    }

    private void text(String option, JsonNode value) {
        if (!value.asString("").isEmpty()) {
            add(option, value.asString(""));
        }
    }

    private void add(String option, String value) {
        words.add(option);
        words.add(value);
    }
}
