package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.ipam.lease.LeaseReport;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of a runtime, about the container of a {@link PluginHost}, and what is expected of their answers. */
final class CniCalls {
    static final JsonMapper JSON = JsonMapper.builder().build();
    static final String WEB =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.88.0.0/29"}], [{"subnet": "fd00:88::/64"}]]}%s}
            """;

    /** How the refusal ends of whatever contradicts that network. */
    static final String REMEDY =
            ": remove it with jnet network rm web when no container is on it, or take another name";

    private final PluginHost jnet;

    CniCalls(PluginHost jnet) {
        this.jnet = jnet;
    }

    List<LeaseReport> leased() {
        return jnet.addresses.pools().leases().stream()
                .filter(report -> report.lease().owner().isPresent())
                .toList();
    }

    CniAnswer call(String command, String containerId, String interfaceName, String keys) {
        return jnet.plugin.answer(new CniRequest(
                environment(command, containerId, interfaceName),
                WEB.formatted(keys).getBytes(UTF_8),
                Optional.of(jnet.container)));
    }

    /** @param keys all of the configuration but version, name and type */
    CniAnswer callWith(String command, String containerId, String interfaceName, String keys) {
        String configuration = "{\"cniVersion\": \"1.1.0\", \"name\": \"web\", \"type\": \"jnet\", " + keys + "}";
        return jnet.plugin.answer(new CniRequest(
                environment(command, containerId, interfaceName),
                configuration.getBytes(UTF_8),
                Optional.of(jnet.container)));
    }

    /** As {@code jnet attach} and {@code detach} call, with a path of the namespace that is one as long as the test holds it. */
    CniAnswer attach(String command, String containerId, NetworkNamespace namespace) {
        Map<String, String> environment = environment(command, containerId, "eth0");
        environment.put("CNI_NETNS", pathOf(namespace));
        return jnet.plugin.answer(
                new CniRequest(environment, WEB.formatted("").getBytes(UTF_8), Optional.of(namespace)));
    }

    CniAnswer ask(Map<String, String> environment, String configuration) {
        return jnet.plugin.answer(
                new CniRequest(environment, configuration.getBytes(UTF_8), Optional.of(jnet.container)));
    }

    static String pathOf(NetworkNamespace namespace) {
        return "/proc/self/fd/" + namespace.descriptor().number();
    }

    static Map<String, String> environment(String command, String containerId, String interfaceName) {
        return new HashMap<>(Map.of(
                "CNI_COMMAND",
                command,
                "CNI_CONTAINERID",
                containerId,
                "CNI_NETNS",
                "/run/netns/c1",
                "CNI_IFNAME",
                interfaceName));
    }

    static String address(CniAnswer answer) {
        return result(answer).at("/ips/0/address").asString();
    }

    static JsonNode result(CniAnswer answer) {
        succeeded(answer);
        return JSON.readTree(answer.output());
    }

    static void succeeded(CniAnswer answer) {
        assertThat(answer.status()).as(new String(answer.output(), UTF_8)).isZero();
    }

    static JsonNode error(CniAnswer answer, int code) {
        assertThat(answer.status()).isEqualTo(1);
        JsonNode error = JSON.readTree(answer.output());
        assertThat(error.path("code").asInt()).as(error.toString()).isEqualTo(code);
        return error;
    }
}
