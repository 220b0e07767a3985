package io.jnet.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.port.PortBinding;
import io.jnet.plugin.DockerPlugin;
import io.jnet.plugin.PluginResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol as dockerd sees it: paths and bodies in, statuses and bodies out. */
final class NetworkDriverTest {
    private static final String NETWORK = "07".repeat(32);
    private static final String ENDPOINT = "4f".repeat(32);
    private static final String OTHER = "5e".repeat(32);
    private static final String PORTS =
            """
            "com.docker.network.portmap":[{"Proto":6,"IP":"","Port":80,"HostIP":"","HostPort":8080,"HostPortEnd":8080}],\
            "com.docker.network.endpoint.exposedports":[{"Proto":6,"Port":80}]""";

    private final FakeEngine engine = new FakeEngine();
    private final DockerPlugin driver = new DockerPlugin(List.of(NetworkDriver.on(engine)));

    @Test
    void activates_as_a_network_driver_only() {
        assertThat(call("/Plugin.Activate", "")).isEqualTo("200 {\"Implements\":[\"NetworkDriver\"]}");
    }

    @Test
    void is_of_local_scope() {
        assertThat(call("/NetworkDriver.GetCapabilities", ""))
                .isEqualTo("200 {\"Scope\":\"local\",\"ConnectivityScope\":\"local\",\"GwAllocChecker\":true}");
    }

    @Test
    void says_which_networks_need_no_gateway_address() {
        assertThat(gateways("")).isEqualTo("200 {\"SkipIPv4\":false,\"SkipIPv6\":false}");
        assertThat(gateways("\"com.docker.network.bridge.gateway_mode_ipv4\":\"isolated\""))
                .isEqualTo("200 {\"SkipIPv4\":true,\"SkipIPv6\":false}");
        assertThat(gateways("\"com.docker.network.bridge.gateway_mode_ipv6\":\"isolated\""))
                .isEqualTo("200 {\"SkipIPv4\":false,\"SkipIPv6\":true}");
        assertThat(gateways("\"com.docker.network.bridge.inhibit_ipv4\":\"true\""))
                .isEqualTo("200 {\"SkipIPv4\":true,\"SkipIPv6\":false}");
        assertThat(gateways("\"com.docker.network.bridge.inhibit_ipv4\":\"maybe\""))
                .startsWith("400 ");
    }

    private String gateways(String options) {
        return call(
                "/NetworkDriver.GwAllocCheck",
                "{\"Options\":{\"com.docker.network.internal\":true,\"com.docker.network.generic\":{" + options
                        + "}}}");
    }

    /** dockerd does not count them, and removes the network as if it were empty. */
    @Test
    void a_network_stays_as_long_as_containers_that_docker_does_not_know_are_on_it() {
        Set<String> others = new HashSet<>(Set.of(ENDPOINT));
        DockerPlugin beside = new DockerPlugin(List.of(NetworkDriver.on(
                engine, endpoint -> others.contains(endpoint.id().value()))));
        createNetwork("");
        createEndpoint(ENDPOINT, "10.77.0.2/24", "");
        endpointCall("Join", ENDPOINT, ",\"SandboxKey\":\"/run/netns/box\",\"Options\":{}");
        String body = "{\"NetworkID\":\"" + NETWORK + "\"}";
        assertThat(call(beside, "/NetworkDriver.DeleteNetwork", body))
                .contains("stays as long as 1 container of CNI, or attached by hand, use it")
                .contains("jnet network rm --forgotten");
        assertThat(engine.networks()).hasSize(1);

        others.clear();
        assertThat(call(beside, "/NetworkDriver.DeleteNetwork", body)).isEqualTo("200 {}");
        assertThat(engine.networks()).isEmpty();
    }

    @Test
    void goes_through_the_life_of_a_container_as_dockerd_20_sends_it() {
        assertThat(createNetwork("")).isEqualTo("200 {}");
        assertThat(createEndpoint(ENDPOINT, "10.77.0.2/24", ""))
                .matches("200 \\{\"Interface\":\\{\"MacAddress\":\"02:42(:[0-9a-f]{2}){4}\"}}");
        assertThat(endpointCall(
                        "Join",
                        ENDPOINT,
                        ",\"SandboxKey\":\"/var/run/docker/netns/4fa78254d77b\",\"Options\":{" + PORTS + "}"))
                .isEqualTo("200 {\"InterfaceName\":{\"SrcName\":\"jp4f4f4f4f4f4f\",\"DstPrefix\":\"eth\"},"
                        + "\"Gateway\":\"10.77.0.1\",\"DisableGatewayService\":false}");
        assertThat(engine.endpoint(ENDPOINT).sandbox()).contains("/var/run/docker/netns/4fa78254d77b");
        assertThat(engine.endpoint(ENDPOINT).ports())
                .as("joining publishes nothing")
                .isEmpty();

        assertThat(publish(ENDPOINT)).isEqualTo("200 {}");
        assertThat(engine.endpoint(ENDPOINT).ports())
                .extracting(PortBinding::containerPort, binding -> binding.hostPorts()
                        .toString())
                .containsExactly(org.assertj.core.groups.Tuple.tuple(80, "8080"));
        assertThat(endpointCall("EndpointOperInfo", ENDPOINT, ""))
                .contains("\"Port\":80,\"HostIP\":\"\",\"HostPort\":8080,\"HostPortEnd\":8080");

        assertThat(endpointCall("RevokeExternalConnectivity", ENDPOINT, "")).isEqualTo("200 {}");
        assertThat(engine.endpoint(ENDPOINT).ports()).isEmpty();
        assertThat(endpointCall("Leave", ENDPOINT, "")).isEqualTo("200 {}");
        assertThat(endpointCall("DeleteEndpoint", ENDPOINT, "")).isEqualTo("200 {}");
        assertThat(call("/NetworkDriver.DeleteNetwork", "{\"NetworkID\":\"" + NETWORK + "\"}"))
                .isEqualTo("200 {}");
        assertThat(engine.endpoints()).isEmpty();
        assertThat(engine.networks()).isEmpty();
    }

    @Test
    void leaving_withdraws_the_ports_without_a_revocation() {
        running();
        endpointCall("Leave", ENDPOINT, "");
        assertThat(engine.endpoint(ENDPOINT).ports()).isEmpty();
        assertThat(engine.endpoint(ENDPOINT).state()).isEqualTo(EndpointState.LEFT);
    }

    @Test
    void publishes_again_after_a_revocation() {
        running();
        endpointCall("RevokeExternalConnectivity", ENDPOINT, "");
        assertThat(publish(ENDPOINT)).isEqualTo("200 {}");
        assertThat(engine.endpoint(ENDPOINT).ports()).hasSize(1);
    }

    @Test
    void repeated_calls_succeed_again_and_change_nothing() {
        running();
        assertThat(createNetwork("")).isEqualTo("200 {}");
        String first = createEndpoint(ENDPOINT, "10.77.0.2/24", "");
        assertThat(createEndpoint(ENDPOINT, "10.77.0.2/24", ""))
                .isEqualTo(first)
                .startsWith("200");
        assertThat(join(ENDPOINT)).startsWith("200").isEqualTo(join(ENDPOINT));
        assertThat(publish(ENDPOINT)).isEqualTo("200 {}");
        assertThat(engine.endpoints()).hasSize(1);
        assertThat(engine.endpoint(ENDPOINT).ports()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Leave", "DeleteEndpoint", "RevokeExternalConnectivity"})
    void ends_of_unknown_endpoints_succeed(String method) {
        assertThat(endpointCall(method, ENDPOINT, "")).isEqualTo("200 {}");
    }

    @Test
    void the_end_of_an_unknown_network_succeeds() {
        assertThat(call("/NetworkDriver.DeleteNetwork", "{\"NetworkID\":\"" + NETWORK + "\"}"))
                .isEqualTo("200 {}");
    }

    @Test
    void operational_info_is_always_answered() {
        assertThat(endpointCall("EndpointOperInfo", ENDPOINT, "")).isEqualTo("200 {\"Value\":{}}");
        assertThat(call("/NetworkDriver.EndpointOperInfo", "{}")).isEqualTo("200 {\"Value\":{}}");
    }

    @Test
    void what_needs_an_unknown_endpoint_fails_but_never_with_404() {
        createNetwork("");
        for (String answer : new String[] {join(ENDPOINT), publish(ENDPOINT)}) {
            assertThat(answer).startsWith("400 {\"Err\":\"endpoint " + ENDPOINT + " does not exist");
        }
        assertThat(call("/NetworkDriver.CreateEndpoint", "{\"NetworkID\":\"none\",\"EndpointID\":\"e\"}"))
                .startsWith("400 {\"Err\":\"network none does not exist in the state of jnet: start it with");
    }

    @Test
    void a_requested_mac_is_taken_and_not_repeated() {
        createNetwork("");
        assertThat(createEndpoint(ENDPOINT, "10.77.0.2/24", "02:42:0A:4D:00:09"))
                .isEqualTo("200 {\"Interface\":{}}");
        assertThat(engine.endpoint(ENDPOINT).mac()).hasToString("02:42:0a:4d:00:09");
    }

    @Test
    void an_internal_network_gives_no_gateway_and_wants_no_gateway_bridge() {
        createNetwork(",\"com.docker.network.internal\":true");
        createEndpoint(ENDPOINT, "10.77.0.2/24", "");
        assertThat(join(ENDPOINT))
                .isEqualTo("200 {\"InterfaceName\":{\"SrcName\":\"jp4f4f4f4f4f4f\",\"DstPrefix\":\"eth\"},"
                        + "\"DisableGatewayService\":true}");
    }

    @Test
    void a_taken_port_is_a_conflict() {
        running();
        createEndpoint(OTHER, "10.77.0.3/24", "");
        join(OTHER);
        assertThat(publish(OTHER)).startsWith("409 {\"Err\":\"port 8080/tcp is taken\"");
        assertThat(engine.endpoint(OTHER).ports()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/NetworkDriver.Nope", "/IpamDriver.RequestPool", "/", "''", "/networkdriver.join"})
    void unknown_methods_are_404(String path) {
        assertThat(call(path, "{}")).startsWith("404 {\"Err\":\"unknown method");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CreateNetwork",
                "DeleteNetwork",
                "CreateEndpoint",
                "DeleteEndpoint",
                "EndpointOperInfo",
                "Join",
                "Leave",
                "ProgramExternalConnectivity",
                "RevokeExternalConnectivity",
                "AllocateNetwork",
                "FreeNetwork"
            })
    void an_empty_body_is_an_error_wherever_one_is_due(String method) {
        for (String body : new String[] {"", " \n"}) {
            assertThat(call("/NetworkDriver." + method, body)).startsWith("400 {\"Err\":\"the request has no body\"");
        }
        assertThat(call("/NetworkDriver." + method, "null"))
                .startsWith("400 {\"Err\":\"invalid request: want an object");
        assertThat(call("/NetworkDriver." + method, "[]")).startsWith("400 {\"Err\":\"invalid request: want an object");
    }

    @Test
    void every_truncation_of_a_request_is_refused() {
        String body = networkBody("");
        for (int length = 0; length < body.length(); length++) {
            assertThat(call("/NetworkDriver.CreateNetwork", body.substring(0, length)))
                    .startsWith("400 {\"Err\":\"");
        }
        assertThat(engine.networks()).isEmpty();
        assertThat(call("/NetworkDriver.CreateNetwork", body)).isEqualTo("200 {}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"NetworkID\":7}|NetworkID: want a string",
                "{\"NetworkID\":\"n\",\"IPv4Data\":{}}|IPv4Data: want a list",
                "{\"NetworkID\":\"n\",\"IPv4Data\":[7]}|IPv4Data.[0]: want an object",
                "{\"NetworkID\":\"n\",\"IPv4Data\":[{\"Pool\":true}]}|IPv4Data.[0].Pool: want a string",
                "{\"NetworkID\":\"n\",\"Options\":[]}|Options: want an object",
                "{\"NetworkID\":\"n\",\"Options\":{\"com.docker.network.enable_ipv6\":\"yes\"}}|Options.com.docker.network.enable_ipv6: want true or false",
                "{\"NetworkID\":\"n\",\"Options\":{\"com.docker.network.generic\":{\"a\":1}}}|Options.com.docker.network.generic.a: want a string",
                "{\"NetworkID\":\"n\",\"NetworkID\":\"m\"}|not JSON",
                "{\"NetworkID\":\"n\"} trailing|not JSON",
                "NetworkID=n|not JSON",
            })
    void a_wrong_type_is_named(String body, String message) {
        assertThat(call("/NetworkDriver.CreateNetwork", body))
                .startsWith("400 {\"Err\":\"invalid request: " + message)
                .doesNotContain("\\n", "java.", "tools.");
    }

    @Test
    void null_fields_are_as_absent_ones() {
        assertThat(call("/NetworkDriver.CreateNetwork", "{\"NetworkID\":null,\"Options\":null,\"IPv4Data\":null}"))
                .startsWith("400 {\"Err\":\"missing network id\"");
        String body =
                """
                {"NetworkID":"n","Options":{"com.docker.network.generic":null,"com.docker.network.enable_ipv6":null},\
                "IPv4Data":[null,{"Pool":"10.1.0.0/24","Gateway":null,"AuxAddresses":null}],"IPv6Data":null,"Unknown":{"a":[1]}}""";
        assertThat(call("/NetworkDriver.CreateNetwork", body)).isEqualTo("200 {}");
        assertThat(engine.network("n").spec().subnets()).hasSize(1);
    }

    @Test
    void allocation_passes_options_on_and_discovery_is_ignored() {
        assertThat(call("/NetworkDriver.AllocateNetwork", "{\"NetworkID\":\"n\",\"Options\":{\"a\":\"b\"}}"))
                .isEqualTo("200 {\"Options\":{\"a\":\"b\"}}");
        assertThat(call("/NetworkDriver.FreeNetwork", "{\"NetworkID\":\"n\"}")).isEqualTo("200 {}");
        assertThat(call("/NetworkDriver.DiscoverNew", "{\"DiscoveryType\":1}")).isEqualTo("200 {}");
        assertThat(call("/NetworkDriver.DiscoverDelete", "{\"DiscoveryType\":1}"))
                .isEqualTo("200 {}");
    }

    @Test
    void all_65535_ports_fit_into_one_request() {
        createNetwork("");
        createEndpoint(ENDPOINT, "10.77.0.2/24", "");
        join(ENDPOINT);
        StringBuilder ports = new StringBuilder();
        for (int port = 1; port <= 65535; port++) {
            ports.append(port == 1 ? "" : ",")
                    .append("{\"Proto\":17,\"IP\":\"\",\"Port\":")
                    .append(port)
                    .append(",\"HostIP\":\"127.0.0.1\",\"HostPort\":0,\"HostPortEnd\":0}");
        }
        // The last one is out of range, so that the fake need not search 65,535 free ports.
        String body = ",\"Options\":{\"com.docker.network.portmap\":[" + ports + ",{\"Proto\":17,\"Port\":65536}]}";
        assertThat(endpointCall("ProgramExternalConnectivity", ENDPOINT, body))
                .startsWith("400 {\"Err\":\"invalid container port 65536");
    }

    private void running() {
        createNetwork("");
        createEndpoint(ENDPOINT, "10.77.0.2/24", "");
        join(ENDPOINT);
        publish(ENDPOINT);
    }

    private String createNetwork(String options) {
        return call("/NetworkDriver.CreateNetwork", networkBody(options));
    }

    private static String networkBody(String options) {
        return "{\"NetworkID\":\"" + NETWORK + "\",\"Options\":{\"com.docker.network.enable_ipv6\":false,"
                + "\"com.docker.network.generic\":{}" + options + "},\"IPv4Data\":[{\"AddressSpace\":\"LocalDefault\","
                + "\"Gateway\":\"10.77.0.1/24\",\"Pool\":\"10.77.0.0/24\"}],\"IPv6Data\":[]}";
    }

    private String createEndpoint(String id, String address, String mac) {
        return endpointCall(
                "CreateEndpoint",
                id,
                ",\"Interface\":{\"Address\":\"" + address + "\",\"AddressIPv6\":\"\",\"MacAddress\":\"" + mac
                        + "\"},\"Options\":{" + PORTS + "}");
    }

    private String join(String id) {
        return endpointCall("Join", id, ",\"SandboxKey\":\"/var/run/docker/netns/4fa78254d77b\",\"Options\":{}");
    }

    private String publish(String id) {
        return endpointCall("ProgramExternalConnectivity", id, ",\"Options\":{" + PORTS + "}");
    }

    private String endpointCall(String method, String id, String rest) {
        return call(
                "/NetworkDriver." + method,
                "{\"NetworkID\":\"" + NETWORK + "\",\"EndpointID\":\"" + id + "\"" + rest + "}");
    }

    private String call(String path, String body) {
        return call(driver, path, body);
    }

    private static String call(DockerPlugin driver, String path, String body) {
        PluginResponse response = driver.handle(path, body.getBytes(StandardCharsets.UTF_8));
        return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }
}
