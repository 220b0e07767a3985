package io.jnet.testbed.difference;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A network, and what is asked for the first container on it, in the words of the reference plugins.
 *
 * @param name what is told apart by it
 * @param version of the spec
 * @param plugins the chain: the keys of each plugin but those that every one has, the first of them {@code bridge}
 * @param ipam the key of that name, with a type only where jnet is to use a plugin as well
 * @param runtime the key {@code runtimeConfig} for the first container
 * @param arguments the variable {@code CNI_ARGS} for it
 * @param everywhere whether it is of interest who reaches whom
 */
public record CniCase(
        String name,
        String version,
        Map<String, ObjectNode> plugins,
        ObjectNode ipam,
        ObjectNode runtime,
        String arguments,
        boolean everywhere) {
    private static final JsonMapper RELAXED = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    /** A bridge with these keys on a host that has nothing else, without its name: property names need no quotes, texts may have single ones. */
    public static CniCase of(String name, String bridge) {
        Map<String, ObjectNode> plugins = new LinkedHashMap<>();
        plugins.put("bridge", keys("bridge: 'cni-web'").setAll(keys(bridge)));
        return new CniCase(name, "1.0.0", plugins, keys(""), keys(""), "", false);
    }

    /** In another version of the spec. */
    public CniCase version(String changed) {
        return new CniCase(name, changed, plugins, ipam, runtime, arguments, everywhere);
    }

    /** The bridge's name is the plugin's to choose. */
    public CniCase withoutBridgeName() {
        CniCase copy = chained("bridge", "");
        copy.plugins.get("bridge").remove("bridge");
        return copy;
    }

    /** With one more plugin in the chain, or more keys of one that is there. */
    public CniCase chained(String plugin, String more) {
        Map<String, ObjectNode> changed = new LinkedHashMap<>(plugins);
        changed.put(plugin, changed.getOrDefault(plugin, keys("")).deepCopy().setAll(keys(more)));
        return new CniCase(name, version, changed, ipam, runtime, arguments, everywhere);
    }

    /** With a subnet for each of these. */
    public CniCase subnets(String... subnets) {
        StringBuilder ranges = new StringBuilder();
        for (String subnet : subnets) {
            ranges.append(ranges.isEmpty() ? "" : ", ").append("[{subnet: '%s'}]".formatted(subnet));
        }
        return ipam("ranges: [%s]".formatted(ranges));
    }

    /** With more keys in {@code ipam}. */
    public CniCase ipam(String more) {
        return new CniCase(name, version, plugins, ipam.deepCopy().setAll(keys(more)), runtime, arguments, everywhere);
    }

    /** With addresses from this plugin with jnet as well; without a name: with none. */
    public CniCase addressesFrom(String plugin) {
        return ipam("type: '%s'".formatted(plugin));
    }

    /** The key {@code ipam}, for a plugin that gets its addresses from this one unless the case says from which. */
    ObjectNode ipamWith(String plugin) {
        ObjectNode complete = ipam.deepCopy();
        if (!complete.has("type")) {
            complete.put("type", plugin);
        }
        if (complete.path("type").asString().isEmpty()) {
            complete.removeAll();
        }
        return complete;
    }

    /** With more keys in {@code runtimeConfig} of the first container. */
    public CniCase runtime(String more) {
        return new CniCase(name, version, plugins, ipam, runtime.deepCopy().setAll(keys(more)), arguments, everywhere);
    }

    /** With ports published for the first container. */
    public CniCase published(String portMappings) {
        return chained("portmap", "").runtime("portMappings: [%s]".formatted(portMappings));
    }

    /** With {@code CNI_ARGS} for the first container. */
    public CniCase arguments(String changed) {
        return new CniCase(name, version, plugins, ipam, runtime, changed, everywhere);
    }

    /** It is of interest who reaches whom. */
    public CniCase reached() {
        return new CniCase(name, version, plugins, ipam, runtime, arguments, true);
    }

    /** The same network with nothing asked for a container but what concerns the network. */
    CniCase forAnotherContainer() {
        ObjectNode rest = runtime.deepCopy();
        rest.retain("ipRanges");
        return new CniCase(name, version, plugins, ipam, rest, "", everywhere);
    }

    /** A bridge beside it with the address families of its ranges and the same policy, for asking what networks may do to each other. */
    CniCase neighbour() {
        boolean six = ipam.toString().contains("fd88:");
        CniCase other = of(name, "bridge: 'cni-other', isDefaultGateway: true").version(version);
        if (plugins.containsKey("firewall")) {
            other.plugins.put("firewall", plugins.get("firewall"));
        }
        return six ? other.subnets("10.89.0.0/24", "fd89::/64") : other.subnets("10.89.0.0/24");
    }

    /** Whether the host takes part in the network, so that others can be reached by it. */
    boolean hasGateway() {
        ObjectNode bridge = plugins.get("bridge");
        return bridge.path("isGateway").asBoolean(false)
                || bridge.path("isDefaultGateway").asBoolean(false);
    }

    /** Whether somebody says what MAC address the first container has. */
    boolean asksForMac() {
        return plugins.toString().contains("\"mac\"") || runtime.has("mac") || arguments.contains("MAC=");
    }

    private static ObjectNode keys(String text) {
        return (ObjectNode) RELAXED.readTree("{" + text + "}");
    }

    @Override
    public String toString() {
        return name;
    }
}
