package io.jnet.testbed.difference;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.machine.Lab;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Debian's {@code containernetworking-plugins} in a chain, called as libcni does (spec 1.0.0, section 3). */
public final class ReferenceHost implements CniHost {
    /** Where Debian has the plugins. */
    public static final String PLUGINS = "/usr/lib/cni";

    /** What a runtime passes to each of them. */
    private static final Map<String, List<String>> CAPABILITIES = Map.of(
            "bridge", List.of("ips", "ipRanges", "mac", "dns"),
            "portmap", List.of("portMappings"),
            "bandwidth", List.of("bandwidth"),
            "firewall", List.of(),
            "tuning", List.of());

    private final Lab lab;

    /** Plugins on the host of a lab. */
    public ReferenceHost(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Lab lab() {
        return lab;
    }

    @Override
    public JsonNode add(CniCase given, String network, String container) {
        Optional<JsonNode> result = Optional.empty();
        for (String plugin : given.plugins().keySet()) {
            result = Optional.of(call(given, network, container, plugin, result).result());
        }
        return result.orElseThrow();
    }

    private CniCall.Answer call(
            CniCase given, String network, String container, String plugin, Optional<JsonNode> previous) {
        ObjectNode configuration = given.plugins().get(plugin).deepCopy();
        configuration.put("cniVersion", given.version()).put("name", network).put("type", plugin);
        if (plugin.equals("bridge")) {
            configuration.set("ipam", given.ipamWith("host-local"));
        }
        ObjectNode runtime = given.runtime().deepCopy();
        runtime.retain(CAPABILITIES.get(plugin));
        if (!runtime.isEmpty()) {
            configuration.set("runtimeConfig", runtime);
        }
        previous.ifPresent(result -> configuration.set("prevResult", result));
        return CniCall.of("ADD", container, configuration.toString())
                .with("CNI_ARGS", given.arguments())
                .with("CNI_PATH", PLUGINS)
                .run(lab.host(), PLUGINS + "/" + plugin);
    }

    /** By force: DEL would leave bridges, chains and forwarding. */
    @Override
    public void clean(Map<String, String> containers) {
        lab.host()
                .shell(
                        """
                        for link in $(ip -oneline link show type bridge | awk -F': ' '{ print $2 }'); do
                            ip link delete "$link"
                        done
                        for command in iptables ip6tables; do
                            for table in filter nat; do
                                $command -t $table -F
                                $command -t $table -X
                            done
                        done
                        for link in $(ip -oneline link show type ifb | awk -F': ' '{ print $2 }'); do
                            ip link delete "$link"
                        done
                        nft list tables bridge | xargs --no-run-if-empty --max-lines=1 nft delete
                        sysctl -q -w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
                        rm -rf /var/lib/cni /run/cni
                        """);
    }
}
