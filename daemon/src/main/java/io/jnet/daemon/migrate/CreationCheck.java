package io.jnet.daemon.migrate;

import io.jnet.driver.network.NetworkMapping;
import io.jnet.driver.protocol.AddressPool;
import io.jnet.driver.protocol.CreateNetworkRequest;
import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Whether jnet would make a network like one that there is, as far as that can be told before the one has gone. */
final class CreationCheck {
    private CreationCheck() {}

    /**
     * Why it would not, in its driver's words.
     *
     * @param network what Docker says of it
     */
    static Optional<String> refusal(JsonNode network) {
        try {
            NetworkMapping.toSpec(request(network), ignored -> {});
            return Optional.empty();
        } catch (EngineException refused) {
            return Optional.of(refused.getMessage());
        }
    }

    private static CreateNetworkRequest request(JsonNode network) {
        JsonNode ipv4 = network.path("EnableIPv4");
        return new CreateNetworkRequest(
                network.path("Id").asString(""),
                new CreateNetworkRequest.Options(
                        texts(network.path("Options")),
                        ipv4.isBoolean() ? Optional.of(ipv4.asBoolean()) : Optional.empty(),
                        network.path("EnableIPv6").asBoolean(false),
                        network.path("Internal").asBoolean(false)),
                pools(network, false),
                pools(network, true));
    }

    private static List<AddressPool> pools(JsonNode network, boolean ipv6) {
        List<AddressPool> pools = new ArrayList<>();
        for (JsonNode pool : network.path("IPAM").path("Config")) {
            String subnet = network(pool.path("Subnet").asString(""));
            if (subnet.contains(":") == ipv6) {
                // As dockerd sends them to a driver: each address with the length of its subnet.
                String length = subnet.replaceFirst("[^/]*", "");
                String gateway = address(pool.path("Gateway"));
                Map<String, String> reserved = new HashMap<>();
                pool.path("AuxiliaryAddresses")
                        .properties()
                        .forEach(named -> reserved.put(named.getKey(), address(named.getValue()) + length));
                pools.add(new AddressPool(subnet, gateway.isEmpty() ? "" : gateway + length, reserved));
            }
        }
        return pools;
    }

    /** Docker before 25 keeps a subnet as it was typed, such as 10.5.0.7/16, and tells drivers of 10.5.0.0/16. */
    private static String network(String subnet) {
        try {
            return IpPrefix.parse(subnet).network().toString();
        } catch (IllegalArgumentException odd) {
            return subnet;
        }
    }

    private static String address(JsonNode text) {
        return text.asString("").replaceFirst("/.*", "");
    }

    private static Map<String, String> texts(JsonNode values) {
        Map<String, String> texts = new HashMap<>();
        values.properties()
                .forEach(value -> texts.put(value.getKey(), value.getValue().asString("")));
        return texts;
    }
}
