package io.jnet.testbed.difference;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One case on one host: two containers on a network, and one on a network beside it. */
public final class Trial {
    private static final String NETWORK = "web";
    private static final String NEIGHBOUR = "other";

    private final CniCase given;
    private final CniHost host;
    private final Reach reach;
    private final Values values = new Values();
    private final Map<String, String> networks = new LinkedHashMap<>();
    private final Map<String, String> addresses = new HashMap<>();

    private Trial(CniCase given, CniHost host, Duration patience) {
        this.given = given;
        this.host = host;
        this.reach = new Reach(host.lab(), patience);
    }

    /**
     * Does what the case says, and takes everything away again.
     *
     * @param patience how long to wait for the answer of somebody who may not be reached
     */
    public static Values run(CniCase given, CniHost host, Duration patience) {
        Trial trial = new Trial(given, host, patience);
        trial.reach.open();
        try {
            trial.run();
        } catch (IllegalStateException failure) {
            trial.end(failure);
            throw failure;
        }
        host.clean(trial.networks);
        trial.reach.close();
        return trial.values;
    }

    private void end(IllegalStateException failure) {
        try {
            host.clean(networks);
        } catch (IllegalStateException another) {
            failure.addSuppressed(another);
        } finally {
            reach.close();
        }
    }

    private void run() {
        JsonNode result = add("c1", NETWORK, given);
        if (given.everywhere()) {
            reach.serve();
            add("c2", NETWORK, given.forAnotherContainer());
            if (given.hasGateway()) {
                add("c3", NEIGHBOUR, given.neighbour());
            }
            reach.name("10.89.0.1", "c3's gateway");
            reach.name("fd89::1", "c3's gateway");
            addresses.forEach((owner, address) -> reach.name(address, owner.replace("6", "")));
            reach.ask(addresses, given.plugins().containsKey("portmap"), values);
        }
        Words words = Snapshot.take(host.lab().host(), "c1", values, given.asksForMac());
        result(result, words);
    }

    private JsonNode add(String container, String network, CniCase wanted) {
        networks.put(container, network);
        JsonNode result = host.add(wanted, network, container);
        take(container, result);
        return result;
    }

    /** Remembers the addresses of a result of any version. */
    private void take(String container, JsonNode result) {
        for (JsonNode address : result.path("ips")) {
            take(
                    container,
                    address.path("address").asString(),
                    address.path("gateway").asString(""));
        }
    }

    private void take(String container, String address, String gateway) {
        String suffix = address.contains(":") ? "6" : "";
        addresses.putIfAbsent(container + suffix, address.replaceFirst("/.*", ""));
        if (container.equals("c1") && given.hasGateway() && !gateway.isEmpty()) {
            addresses.putIfAbsent("gateway" + suffix, gateway);
        }
    }

    private void result(JsonNode result, Words words) {
        ObjectNode rest = ((ObjectNode) result.deepCopy());
        StringJoiner interfaces = new StringJoiner(" ");
        for (JsonNode one : result.path("interfaces")) {
            String name = words.in(one.path("name").asString());
            interfaces.add(name);
            values.thing("result.interfaces[" + name + "]", ((ObjectNode) one.deepCopy()).without("name"), words);
        }
        StringJoiner ips = new StringJoiner(" ");
        for (JsonNode one : result.path("ips")) {
            String family = one.path("address").asString().contains(":") ? "6" : "4";
            ips.add(family);
            ObjectNode address = (ObjectNode) one.deepCopy();
            JsonNode owner =
                    result.path("interfaces").path(one.path("interface").asInt(-1));
            address.put("interface", words.in(owner.path("name").asString("")));
            values.thing("result.ips[" + family + "]", address, words);
        }
        for (JsonNode one : result.path("routes")) {
            values.thing(
                    "result.routes[" + one.path("dst").asString() + "]",
                    ((ObjectNode) one.deepCopy()).without("dst"),
                    words);
        }
        values.put("result.interfaces", interfaces.toString());
        values.put("result.ips", ips.toString());
        values.fields("result", rest.without(List.of("interfaces", "ips", "routes")), words);
        if (!given.plugins().get("bridge").has("bridge")) {
            values.put(
                    "bridge's name", result.at("/interfaces/0/name").asString().toLowerCase(Locale.ROOT));
        }
    }
}
