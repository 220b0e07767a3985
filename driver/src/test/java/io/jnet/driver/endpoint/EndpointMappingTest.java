package io.jnet.driver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.driver.protocol.CreateEndpointRequest;
import io.jnet.driver.protocol.EndpointInterface;
import io.jnet.driver.protocol.JoinResponse;
import io.jnet.driver.protocol.OptionNames;
import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.StaticRoute;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointMappingTest {

    @Test
    void takes_an_address_of_each_family() {
        assertThat(EndpointMapping.toSpec(request("10.77.0.2/24", "2001:db8::2/64", "", OptionNames.NONE))
                        .addresses())
                .hasToString("[10.77.0.2/24, 2001:db8::2/64]");
    }

    @ParameterizedTest
    @CsvSource({
        "10.77.0.2, '', ''",
        "10.77.0.2/33, '', ''",
        "2001:db8::2/64, '', ''",
        "'', 10.77.0.2/24, ''",
        "'', '', 02:42",
        "'', '', 01:00:5e:00:00:01",
        "'', '', 00:00:00:00:00:00",
        "'', '', 02-42-0a-4d-00-02",
    })
    void a_bad_address_is_refused(String address, String addressIpv6, String mac) {
        refused(request(address, addressIpv6, mac, OptionNames.NONE));
    }

    @Test
    void a_container_may_say_whom_it_lets_in() {
        String key = "io.jnet.publish.policy";
        OptionNames options = new OptionNames(Set.of(key), Map.of(key, "from=192.0.2.7"));
        assertThat(EndpointMapping.toSpec(request("10.77.0.2/24", "", "", options))
                        .publish())
                .hasToString("from=192.0.2.7/32");
        refused(request("10.77.0.2/24", "", "", new OptionNames(Set.of(key), Map.of(key, "closed"))));
        refused(request("10.77.0.2/24", "", "", new OptionNames(Set.of(key))));
    }

    @Test
    void a_container_may_have_names() {
        String key = "io.jnet.dns.names";
        OptionNames options = new OptionNames(Set.of(key), Map.of(key, "Web, db,web"));
        assertThat(EndpointMapping.toSpec(request("10.77.0.2/24", "", "", options))
                        .names())
                .hasToString("[web, db]");
        assertThat(EndpointMapping.toSpec(request("10.77.0.2/24", "", "", OptionNames.NONE))
                        .names())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "web,", "web.db", "a b", "-web", "web;db", "we\nb"})
    void what_is_no_name_of_a_container_is_refused(String names) {
        String key = "io.jnet.dns.names";
        refused(request("10.77.0.2/24", "", "", new OptionNames(Set.of(key), Map.of(key, names))));
    }

    @Test
    void what_nobody_acts_on_is_told() {
        OptionNames options = new OptionNames(Set.of(
                "com.docker.network.portmap",
                "com.docker.network.endpoint.exposedports",
                "com.docker.network.endpoint.sysctls",
                "com.docker.network.endpoint.ifname",
                "of.somebody.else",
                "io.jnet.dns.names"));
        assertThat(EndpointMapping.ignoredOptions(request("10.77.0.2/24", "", "", options)))
                .containsExactly("com.docker.network.endpoint.ifname", "of.somebody.else");
    }

    @Test
    void another_option_of_jnet_is_refused() {
        refused(request("10.77.0.2/24", "", "", new OptionNames(Set.of("com.docker.network.portmap", "io.jnet.rate"))));
    }

    @Test
    void only_what_has_no_ipv4_gateway_declines_the_gateway_service() {
        assertThat(join(Optional.of("10.77.0.1"), Optional.empty()).disableGatewayService())
                .isFalse();
        assertThat(join(Optional.empty(), Optional.of("2001:db8::1")).disableGatewayService())
                .isTrue();
        assertThat(join(Optional.empty(), Optional.of("2001:db8::1")).gatewayIpv6())
                .isEqualTo("2001:db8::1");
    }

    @Test
    void an_ipv6_gateway_is_one_where_there_is_no_ipv4() {
        assertThat(join(Optional.empty(), Optional.of("2001:db8::1"), Set.of(AddressFamily.INET6))
                        .disableGatewayService())
                .isFalse();
    }

    @Test
    void routes_are_by_a_next_hop_or_on_the_network() {
        Attachment attachment = new Attachment(
                new InterfaceName("jp0"),
                "eth",
                Optional.empty(),
                Optional.empty(),
                List.of(
                        new StaticRoute(IpPrefix.parse("10.9.0.0/16"), Optional.of(IpAddress.parse("10.77.0.5"))),
                        new StaticRoute(IpPrefix.parse("192.0.2.0/24"), Optional.empty())),
                Set.of(AddressFamily.INET));
        assertThat(EndpointMapping.toAnswer(attachment).staticRoutes())
                .containsExactly(
                        new JoinResponse.StaticRoute("10.9.0.0/16", 0, "10.77.0.5"),
                        new JoinResponse.StaticRoute("192.0.2.0/24", 1, ""));
    }

    private static JoinResponse join(Optional<String> gateway, Optional<String> gatewayIpv6) {
        return join(gateway, gatewayIpv6, Set.of(AddressFamily.values()));
    }

    private static JoinResponse join(
            Optional<String> gateway, Optional<String> gatewayIpv6, Set<AddressFamily> families) {
        return EndpointMapping.toAnswer(new Attachment(
                new InterfaceName("jp0"),
                "eth",
                gateway.map(IpAddress::parse),
                gatewayIpv6.map(IpAddress::parse),
                List.of(),
                families));
    }

    private static void refused(CreateEndpointRequest request) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> EndpointMapping.toSpec(request))
                .withMessageNotContainingAny("\n")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    }

    private static CreateEndpointRequest request(String address, String addressIpv6, String mac, OptionNames options) {
        return new CreateEndpointRequest("n", "e", new EndpointInterface(address, addressIpv6, mac), options);
    }
}
