package io.jnet.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.plugin.DockerPlugin;
import io.jnet.plugin.PluginResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container on a network with IPv4 only and on one with IPv6 only, as Docker 28 and later ask for its ports. */
class SharedPortsTest {
    private static final String ANY = port(80, "", 8080);
    private static final String EACH = port(81, "0.0.0.0", 8081) + "," + port(81, "::", 8081);
    private static final String OTHER_IS_WAY = ",\"com.docker.network.driver.private.no_proxy_6to4\":true";

    private final FakeEngine engine = new FakeEngine();
    private final DockerPlugin driver = new DockerPlugin(List.of(NetworkDriver.on(engine)));

    @BeforeEach
    void makeNetworks() {
        call(
                "CreateNetwork",
                "{\"NetworkID\":\"four\",\"Options\":{},\"IPv4Data\":[{\"Pool\":\"10.77.0.0/24\",\"Gateway\":\"10.77.0.1/24\"}]}");
        call(
                "CreateNetwork",
                "{\"NetworkID\":\"six\",\"Options\":{\"com.docker.network.enable_ipv4\":false,\"com.docker.network.enable_ipv6\":true},"
                        + "\"IPv6Data\":[{\"Pool\":\"2001:db8:1::/64\",\"Gateway\":\"2001:db8:1::1/64\"}]}");
    }

    @Test
    void each_is_for_host_addresses_of_its_own_family() {
        join("four", "\"Address\":\"10.77.0.2/24\"", "box");
        publish("four", ANY, "");
        assertThat(ports("four")).as("alone it is for both").containsExactly("8080");

        join("six", "\"AddressIPv6\":\"2001:db8:1::2/64\"", "box");
        call("RevokeExternalConnectivity", "{\"NetworkID\":\"four\",\"EndpointID\":\"efour\"}");
        publish("four", ANY + "," + EACH, OTHER_IS_WAY);
        publish("six", ANY + "," + EACH, "");
        assertThat(ports("four")).containsExactly("0.0.0.0:8080", "0.0.0.0:8081");
        assertThat(ports("six")).containsExactly(":::8080", ":::8081");
    }

    @Test
    void the_one_for_ipv6_leaves_ipv4_to_the_other_that_comes_later() {
        join("six", "\"AddressIPv6\":\"2001:db8:1::2/64\"", "box");
        publish("six", ANY, "");
        assertThat(ports("six")).containsExactly("8080");

        join("four", "\"Address\":\"10.77.0.2/24\"", "box");
        publish("four", ANY, OTHER_IS_WAY);
        assertThat(ports("four")).containsExactly("0.0.0.0:8080");
        assertThat(ports("six")).containsExactly(":::8080");
    }

    /** Docker 28 says so to each that joins beside another gateway, whichever family it is for. */
    @Test
    void the_one_for_ipv6_is_for_that_alone_whatever_it_is_told_of_others() {
        join("four", "\"Address\":\"10.77.0.2/24\"", "box");
        publish("four", ANY, OTHER_IS_WAY);
        join("six", "\"AddressIPv6\":\"2001:db8:1::2/64\"", "box");
        publish("six", ANY, OTHER_IS_WAY);
        assertThat(ports("four")).containsExactly("0.0.0.0:8080");
        assertThat(ports("six")).containsExactly(":::8080");

        call(
                "CreateNetwork",
                "{\"NetworkID\":\"both\",\"Options\":{\"com.docker.network.enable_ipv6\":true},"
                        + "\"IPv4Data\":[{\"Pool\":\"10.78.0.0/24\"}],\"IPv6Data\":[{\"Pool\":\"2001:db8:2::/64\"}]}");
        call("RevokeExternalConnectivity", "{\"NetworkID\":\"six\",\"EndpointID\":\"esix\"}");
        join("both", "\"Address\":\"10.78.0.2/24\",\"AddressIPv6\":\"2001:db8:2::2/64\"", "box");
        publish("both", ANY, OTHER_IS_WAY);
        assertThat(ports("both")).as("IPv4 is the other's").containsExactly(":::8080");
    }

    /** As a container may be on another network too, which is asked later. */
    @Test
    void what_is_for_an_ipv4_address_of_the_host_is_not_for_the_one_for_ipv6() {
        join("six", "\"AddressIPv6\":\"2001:db8:1::2/64\"", "box");
        publish("six", port(80, "127.0.0.1", 8080) + "," + port(81, "::1", 8081), "");
        assertThat(ports("six")).containsExactly("::1:8081");
        join("four", "\"Address\":\"10.77.0.2/24\"", "box");
        publish("four", port(80, "127.0.0.1", 8080) + "," + port(81, "::1", 8081), OTHER_IS_WAY);
        assertThat(ports("four")).containsExactly("127.0.0.1:8080");
    }

    /** An address of the network's own for ports that name none is of no use to it either. */
    @Test
    void what_is_for_the_networks_ipv4_address_is_not_for_the_one_for_ipv6() {
        call(
                "CreateNetwork",
                "{\"NetworkID\":\"bound\",\"Options\":{\"com.docker.network.enable_ipv4\":false,\"com.docker.network.enable_ipv6\":true,"
                        + "\"com.docker.network.generic\":{\"com.docker.network.bridge.host_binding_ipv4\":\"127.0.0.1\"}},"
                        + "\"IPv6Data\":[{\"Pool\":\"2001:db8:3::/64\",\"Gateway\":\"2001:db8:3::1/64\"}]}");
        join("bound", "\"AddressIPv6\":\"2001:db8:3::2/64\"", "box");
        publish("bound", ANY + "," + port(81, "::", 8081), "");
        assertThat(ports("bound")).containsExactly(":::8081");
    }

    /** With a priority one of them may be the gateway for one family only, though it has both. */
    @Test
    void a_network_with_both_families_is_for_one_beside_another_gateway() {
        call(
                "CreateNetwork",
                "{\"NetworkID\":\"both\",\"Options\":{\"com.docker.network.enable_ipv6\":true},"
                        + "\"IPv4Data\":[{\"Pool\":\"10.78.0.0/24\"}],\"IPv6Data\":[{\"Pool\":\"2001:db8:2::/64\"}]}");
        String both = "\"Address\":\"10.78.0.2/24\",\"AddressIPv6\":\"2001:db8:2::2/64\"";
        join("both", both, "box");
        publish("both", ANY, "");
        assertThat(ports("both")).containsExactly("8080");
        join("four", "\"Address\":\"10.77.0.2/24\"", "box");
        publish("four", ANY, OTHER_IS_WAY);
        assertThat(ports("four")).containsExactly("0.0.0.0:8080");
        assertThat(ports("both")).containsExactly(":::8080");

        call("RevokeExternalConnectivity", "{\"NetworkID\":\"four\",\"EndpointID\":\"efour\"}");
        publish("both", ANY, OTHER_IS_WAY);
        join("six", "\"AddressIPv6\":\"2001:db8:1::2/64\"", "box");
        publish("six", ANY, "");
        assertThat(ports("both")).containsExactly("0.0.0.0:8080");
        assertThat(ports("six")).containsExactly(":::8080");
    }

    /** One that has no gateway, such as on an internal network, publishes nothing. */
    @Test
    void one_that_publishes_nothing_is_of_no_account() {
        join("four", "\"Address\":\"10.77.0.2/24\"", "box");
        join("six", "\"AddressIPv6\":\"2001:db8:1::2/64\"", "box");
        publish("six", ANY, "");
        assertThat(ports("six")).containsExactly("8080");
    }

    @Test
    void those_of_another_container_are_of_no_account() {
        join("four", "\"Address\":\"10.77.0.2/24\"", "box");
        publish("four", port(80, "127.0.0.1", 8080), "");
        join("six", "\"AddressIPv6\":\"2001:db8:1::2/64\"", "another");
        publish("six", port(80, "", 8081), "");
        assertThat(ports("six")).containsExactly("8081");
    }

    private void join(String network, String address, String sandbox) {
        call(
                "CreateEndpoint",
                "{\"NetworkID\":\"%1$s\",\"EndpointID\":\"e%1$s\",\"Interface\":{%2$s}}".formatted(network, address));
        call(
                "Join",
                "{\"NetworkID\":\"%1$s\",\"EndpointID\":\"e%1$s\",\"SandboxKey\":\"%2$s\"}"
                        .formatted(network, sandbox));
    }

    private void publish(String network, String ports, String more) {
        call(
                "ProgramExternalConnectivity",
                "{\"NetworkID\":\"%1$s\",\"EndpointID\":\"e%1$s\",\"Options\":{\"com.docker.network.portmap\":[%2$s]%3$s}}"
                        .formatted(network, ports, more));
    }

    private static String port(int container, String host, int hostPort) {
        return "{\"Proto\":6,\"Port\":%1$d,\"HostIP\":\"%2$s\",\"HostPort\":%3$d,\"HostPortEnd\":%3$d}"
                .formatted(container, host, hostPort);
    }

    private List<String> ports(String network) {
        return engine.endpoint("e" + network).ports().stream()
                .map(binding -> binding.hostAddress().map(host -> host + ":").orElse("") + binding.hostPorts())
                .toList();
    }

    private void call(String method, String body) {
        PluginResponse answer = driver.handle("/NetworkDriver." + method, body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
    }
}
