package io.jnet.driver.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.driver.protocol.AddressPool;
import io.jnet.driver.protocol.CreateNetworkRequest;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.NameServer;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.name.StaticRecord;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.StaticRoute;
import io.jnet.engine.network.Subnet;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkMappingTest {
    private static final AddressPool IPV4 = new AddressPool("10.77.0.0/24", "10.77.0.1/24", Map.of());
    private static final AddressPool IPV6 = new AddressPool("2001:db8:1::/64", "2001:db8:1::1/64", Map.of());

    private final List<String> ignored = new ArrayList<>();

    @Test
    void a_network_without_options_masquerades_and_lets_containers_talk() {
        NetworkSpec spec = map(Map.of());
        assertThat(spec.flags()).containsExactlyInAnyOrder(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER);
        assertThat(spec.name()).isEmpty();
        assertThat(spec.bridge()).isEmpty();
        assertThat(spec.mtu()).isEmpty();
        assertThat(spec.interfacePrefix()).isEqualTo("eth");
        assertThat(spec.hostBinding()).isEmpty();
        assertThat(spec.subnets())
                .containsExactly(
                        new Subnet(IpPrefix.parse("10.77.0.0/24"), Optional.of(IpPrefix.parse("10.77.0.1/24"))));
    }

    @Test
    void each_option_does_what_the_builtin_driver_does() {
        NetworkSpec spec = map(Map.of(
                "io.jnet.name", "web",
                "com.docker.network.bridge.name", "web0",
                "com.docker.network.driver.mtu", "1400",
                "com.docker.network.bridge.enable_ip_masquerade", "false",
                "com.docker.network.bridge.enable_icc", "0",
                "com.docker.network.bridge.host_binding_ipv4", "192.0.2.1",
                "com.docker.network.container_iface_prefix", "net"));
        assertThat(spec.name()).contains("web");
        assertThat(spec.bridge()).contains(new InterfaceName("web0"));
        assertThat(spec.mtu()).isEqualTo(OptionalInt.of(1400));
        assertThat(spec.flags()).isEmpty();
        assertThat(spec.hostBinding()).contains(IpAddress.parse("192.0.2.1"));
        assertThat(spec.interfacePrefix()).isEqualTo("net");
        assertThat(ignored).isEmpty();
    }

    @Test
    void a_host_binding_of_zeros_means_every_address() {
        assertThat(map(Map.of("com.docker.network.bridge.host_binding_ipv4", "0.0.0.0"))
                        .hostBinding())
                .isEmpty();
        assertThat(map(Map.of("com.docker.network.bridge.host_binding_ipv4", "::1"))
                        .hostBinding())
                .contains(IpAddress.parse("::1"));
    }

    @Test
    void a_network_may_say_whom_it_lets_in() {
        assertThat(map(Map.of("io.jnet.publish.policy", "firewalled"))
                        .exterior()
                        .publish())
                .isEqualTo(PublishPolicy.FIREWALLED);
        assertThat(map(Map.of()).exterior().publish()).isEqualTo(PublishPolicy.OPEN);
        refused(
                Map.of("io.jnet.publish.policy", "closed"),
                ErrorCode.INVALID_REQUEST,
                "invalid option io.jnet.publish.policy: want open, firewalled or from=PREFIX,... like from=192.0.2.0/24");
    }

    @Test
    void trust_in_containers_is_said_by_jnets_own_options() {
        assertThat(map(Map.of()).flags()).doesNotContain(NetworkFlag.PORT_SECURITY, NetworkFlag.ROUTERS);
        assertThat(map(Map.of("io.jnet.port_security", "true")).flags()).contains(NetworkFlag.PORT_SECURITY);
        assertThat(map(Map.of("io.jnet.allow_routers", "1")).flags()).contains(NetworkFlag.ROUTERS);
        refused(
                Map.of("io.jnet.port_security", "on"),
                ErrorCode.INVALID_REQUEST,
                "invalid option io.jnet.port_security=on: want true or false");
    }

    @Test
    void internal_is_said_by_its_own_flag() {
        assertThat(map(request(Map.of(), null, null, true, List.of(IPV4), List.of()))
                        .flags())
                .contains(NetworkFlag.INTERNAL);
        assertThat(map(request(Map.of(), null, null, false, List.of(IPV4), List.of()))
                        .flags())
                .doesNotContain(NetworkFlag.INTERNAL);
    }

    @Test
    void a_family_needs_its_flag_and_its_data() {
        List<AddressPool> both = List.of(IPV6);
        assertThat(map(request(Map.of(), null, true, null, List.of(IPV4), both)).subnets())
                .hasSize(2);
        assertThat(map(request(Map.of(), null, false, null, List.of(IPV4), both))
                        .subnets())
                .hasSize(1);
        assertThat(map(request(Map.of(), null, null, null, List.of(IPV4), both)).subnets())
                .hasSize(1);
        assertThat(map(request(Map.of(), false, true, null, List.of(IPV4), both))
                        .subnets())
                .containsExactly(
                        new Subnet(IpPrefix.parse("2001:db8:1::/64"), Optional.of(IpPrefix.parse("2001:db8:1::1/64"))));
        assertThat(map(request(Map.of(), true, true, null, List.of(IPV4), List.of()))
                        .subnets())
                .hasSize(1);
    }

    @Test
    void several_subnets_of_a_family_are_all_taken() {
        AddressPool second = new AddressPool("10.78.0.0/24", "", Map.of("printer", "10.78.0.9/24"));
        assertThat(map(request(Map.of(), null, null, null, List.of(second, IPV4), List.of()))
                        .subnets())
                .extracting(subnet -> subnet.prefix() + " " + subnet.gateway().isPresent())
                .as("in an order of their own: Docker's is random")
                .containsExactly("10.77.0.0/24 true", "10.78.0.0/24 false");
    }

    @Test
    void an_unknown_option_of_jnet_is_an_error_that_lists_the_known_ones() {
        refused(
                Map.of("io.jnet.nmae", "web"),
                ErrorCode.INVALID_REQUEST,
                "unknown option io.jnet.nmae: known are io.jnet.name");
        refused(
                Map.of("IO.JNET.name", "web"),
                ErrorCode.INVALID_REQUEST,
                "unknown option IO.JNET.name: known are io.jnet.name");
    }

    @Test
    void an_unknown_option_of_others_is_ignored_and_reported() {
        map(Map.of("com.docker.network.bridge.nonesuch", "1"));
        assertThat(ignored).containsExactly("com.docker.network.bridge.nonesuch");
    }

    @ParameterizedTest
    @CsvSource({
        "nat, NAT",
        "routed, ROUTED",
        "nat-unprotected, NAT_UNPROTECTED",
    })
    void each_family_has_a_gateway_mode(String text, GatewayMode mode) {
        Exterior ipv4 =
                map(Map.of("com.docker.network.bridge.gateway_mode_ipv4", text)).exterior();
        Exterior ipv6 =
                map(Map.of("com.docker.network.bridge.gateway_mode_ipv6", text)).exterior();
        assertThat(ipv4.mode(AddressFamily.INET)).isEqualTo(mode);
        assertThat(ipv4.mode(AddressFamily.INET6)).isEqualTo(GatewayMode.NAT);
        assertThat(ipv6.mode(AddressFamily.INET6)).isEqualTo(mode);
        assertThat(ipv6.mode(AddressFamily.INET)).isEqualTo(GatewayMode.NAT);
    }

    @Test
    void isolated_is_for_internal_networks() {
        Map<String, String> isolated = Map.of("com.docker.network.bridge.gateway_mode_ipv4", "isolated");
        NetworkSpec spec = map(request(isolated, null, null, true, List.of(IPV4), List.of()));
        assertThat(spec.exterior().mode(AddressFamily.INET)).isEqualTo(GatewayMode.ISOLATED);
        assertThat(spec.bridgeAddresses()).isEmpty();
        refused(
                isolated,
                ErrorCode.INVALID_REQUEST,
                "gateway mode isolated is for internal networks only: add --internal");
    }

    @Test
    void each_family_has_a_source_address() {
        Exterior exterior = map(Map.of(
                        "com.docker.network.host_ipv4", "192.0.2.1", "com.docker.network.host_ipv6", "2001:db8::1"))
                .exterior();
        assertThat(exterior.ipv4().source()).contains(IpAddress.parse("192.0.2.1"));
        assertThat(exterior.ipv6().source()).contains(IpAddress.parse("2001:db8::1"));
    }

    @Test
    void trusted_interfaces_are_separated_by_colons() {
        assertThat(map(Map.of("com.docker.network.bridge.trusted_host_interfaces", "wg0::eth3:wg0"))
                        .exterior()
                        .trusted())
                .containsExactly(new InterfaceName("wg0"), new InterfaceName("eth3"));
        assertThat(map(Map.of("com.docker.network.bridge.trusted_host_interfaces", ""))
                        .exterior()
                        .trusted())
                .isEmpty();
    }

    @Test
    void a_bridge_may_be_without_address_or_outlive_its_network() {
        assertThat(map(Map.of()).bridgeAddresses()).containsExactly(IpPrefix.parse("10.77.0.1/24"));
        assertThat(map(Map.of("com.docker.network.bridge.inhibit_ipv4", "true")).bridgeAddresses())
                .isEmpty();
        assertThat(map(Map.of("com.docker.network.bridge.default_bridge", "true"))
                        .flags())
                .contains(NetworkFlag.LASTING_BRIDGE);
    }

    @Test
    void routes_are_by_a_next_hop_or_on_the_network() {
        assertThat(map(Map.of("io.jnet.routes", "10.9.0.0/16 via 10.77.0.5, 192.0.2.0/24,"))
                        .exterior()
                        .routes())
                .containsExactly(
                        new StaticRoute(IpPrefix.parse("10.9.0.0/16"), Optional.of(IpAddress.parse("10.77.0.5"))),
                        new StaticRoute(IpPrefix.parse("192.0.2.0/24"), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.0/16 by 10.77.0.5, 'invalid option io.jnet.routes=10.9.0.0/16 by 10.77.0.5: want'",
        "10.9.0.0/16 via, invalid option io.jnet.routes=10.9.0.0/16 via: want",
        "10.9.0.0/16 via me, invalid option io.jnet.routes",
        "10.9.0.0/33, invalid option io.jnet.routes",
        "10.9.0.1/16, 'invalid route to 10.9.0.1/16: host bits are set, want 10.9.0.0/16'",
        "0.0.0.0/0 via 10.77.0.5, invalid route to 0.0.0.0/0: the default route is the gateway's",
        "10.9.0.0/16 via fd00::1, 'invalid route to 10.9.0.0/16: its next hop fd00::1 is of another family'",
        "10.9.0.0/16 via 10.78.0.5, 'route to 10.9.0.0/16: next hop 10.78.0.5 is no host''s address in a subnet'",
        "10.9.0.0/16 via 10.77.0.255, 'route to 10.9.0.0/16: next hop 10.77.0.255 is no host''s address in a subnet'",
        "10.77.0.0/24 via 10.77.0.5, route to 10.77.0.0/24: that is the network's own subnet",
        "'10.9.0.0/16, 10.9.0.0/16 via 10.77.0.5', two routes to 10.9.0.0/16",
        "fd09::/64, route to fd09::/64: the network has no subnet of its family",
    })
    void a_route_that_no_container_could_have_is_refused(String routes, String message) {
        refused(Map.of("io.jnet.routes", routes), ErrorCode.INVALID_REQUEST, message);
    }

    @Test
    void names_are_answered_unless_the_network_wants_none() {
        assertThat(map(Map.of()).resolution()).isEqualTo(Resolution.DEFAULT);
        assertThat(map(Map.of("io.jnet.dns", "false")).resolution()).isEqualTo(Resolution.NONE);
        assertThat(map(Map.of(
                                "io.jnet.dns.domain", "A.test.",
                                "io.jnet.dns.servers", "192.0.2.53, corp.test=192.0.2.54#5353,",
                                "io.jnet.dns.records", "db.a.test=10.77.0.9,www.a.test=CNAME web.a.test"))
                        .resolution())
                .isEqualTo(new Resolution(
                        true,
                        Optional.of(new DomainName("a.test")),
                        List.of(NameServer.parse("192.0.2.53"), NameServer.parse("corp.test=192.0.2.54#5353")),
                        List.of(
                                StaticRecord.parse("db.a.test=10.77.0.9"),
                                StaticRecord.parse("www.a.test=CNAME web.a.test"))));
    }

    @ParameterizedTest
    @CsvSource({
        "io.jnet.dns, maybe, 'invalid option io.jnet.dns=maybe: want true or false'",
        "io.jnet.dns.domain, a b, 'invalid option io.jnet.dns.domain: want labels'",
        "io.jnet.dns.servers, ns.test, 'invalid option io.jnet.dns.servers: '",
        "io.jnet.dns.records, db, 'invalid option io.jnet.dns.records: want NAME=ADDRESS'"
    })
    void what_cannot_be_said_of_names_is_refused(String option, String value, String message) {
        refused(Map.of(option, value), ErrorCode.INVALID_REQUEST, message);
    }

    @Test
    void an_internal_network_has_no_routes_and_no_default_gateway() {
        Map<String, String> routes = Map.of("io.jnet.routes", "10.9.0.0/16 via 10.77.0.5");
        refused(
                request(routes, null, null, true, List.of(IPV4), List.of()),
                ErrorCode.INVALID_REQUEST,
                "route to 10.9.0.0/16: an internal network has none");
        refused(
                request(Map.of(), null, null, true, List.of(withDefaultGateway("10.77.0.2/24")), List.of()),
                ErrorCode.INVALID_REQUEST,
                "default gateway 10.77.0.2: an internal network has none");
    }

    @Test
    void the_default_gateway_may_be_another_than_the_bridge() {
        NetworkSpec spec =
                map(request(Map.of(), null, null, null, List.of(withDefaultGateway("10.77.0.2/24")), List.of()));
        assertThat(spec.subnets().get(0).containersGateway()).contains(IpAddress.parse("10.77.0.2"));
        assertThat(spec.bridgeAddresses()).containsExactly(IpPrefix.parse("10.77.0.1/24"));
        refused(
                request(Map.of(), null, null, null, List.of(withDefaultGateway("10.78.0.2/24")), List.of()),
                ErrorCode.INVALID_REQUEST,
                "default gateway 10.78.0.2 is no host's address in subnet 10.77.0.0/24");
    }

    @Test
    void options_alone_enable_no_family() {
        refused(
                Map.of("com.docker.network.enable_ipv6", "true"),
                ErrorCode.UNSUPPORTED,
                "option com.docker.network.enable_ipv6=true: this Docker engine gave the network no IPv6 subnet, add --ipv6");
        refused(
                Map.of("com.docker.network.enable_ipv4", "false"),
                ErrorCode.UNSUPPORTED,
                "option com.docker.network.enable_ipv4=false: this Docker engine has no networks without IPv4");
        // As Docker 28 sends them: the flags say the same.
        Map<String, String> both =
                Map.of("com.docker.network.enable_ipv6", "true", "com.docker.network.enable_ipv4", "false");
        assertThat(map(request(both, false, true, null, List.of(), List.of(IPV6)))
                        .subnets())
                .extracting(Subnet::family)
                .containsExactly(AddressFamily.INET6);
    }

    @ParameterizedTest
    @CsvSource({
        "com.docker.network.bridge.gateway_mode_ipv4, nat",
        "com.docker.network.bridge.inhibit_ipv4, false",
        "com.docker.network.bridge.default_bridge, false",
        "com.docker.network.enable_ipv6, false",
        "com.docker.network.enable_ipv4, true",
        "com.docker.network.advertise_addr_nmsgs, 2",
        "com.docker.network.advertise_addr_ms, 100",
        "io.jnet.routes, ' '",
        "com.docker.network.driver.mtu, 0",
        "com.docker.network.bridge.name, ''",
        "com.docker.network.container_iface_prefix, ''",
    })
    void what_asks_for_the_default_is_taken(String key, String value) {
        assertThat(map(Map.of(key, value))).isEqualTo(map(Map.of()));
        assertThat(ignored).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "com.docker.network.driver.mtu, big, want a whole number",
        "com.docker.network.driver.mtu, -1, want a whole number",
        "com.docker.network.driver.mtu, 99999999999, want a whole number",
        "com.docker.network.bridge.enable_icc, yes, want true or false",
        "com.docker.network.bridge.inhibit_ipv4, yes, want true or false",
        "com.docker.network.bridge.gateway_mode_ipv4, bridged, 'want nat, nat-unprotected, routed or isolated'",
        "com.docker.network.bridge.gateway_mode_ipv6, NAT, 'want nat, nat-unprotected, routed or isolated'",
        "com.docker.network.advertise_addr_nmsgs, many, want a whole number",
        "com.docker.network.bridge.enable_ip_masquerade, '', want true or false",
    })
    void a_bad_value_is_named_with_its_option(String key, String value, String wanted) {
        refused(Map.of(key, value), ErrorCode.INVALID_REQUEST, "invalid option " + key + "=" + value + ": " + wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "com.docker.network.bridge.name, a/b",
        "com.docker.network.bridge.name, sixteencharacter",
        "com.docker.network.bridge.name, 'x\"; flush ruleset'",
        "com.docker.network.bridge.host_binding_ipv4, nowhere",
        "com.docker.network.bridge.host_binding_ipv4, 010.0.0.1",
        "com.docker.network.container_iface_prefix, 'eth 0'",
        "com.docker.network.driver.mtu, 67",
        "com.docker.network.driver.mtu, 65536",
        "com.docker.network.host_ipv4, nowhere",
        "com.docker.network.host_ipv4, 2001:db8::1",
        "com.docker.network.host_ipv4, 0.0.0.0",
        "com.docker.network.host_ipv4, 127.0.0.1",
        "com.docker.network.host_ipv6, 192.0.2.1",
        "com.docker.network.host_ipv6, ff02::1",
        "com.docker.network.bridge.trusted_host_interfaces, 'eth0:a b'",
        "io.jnet.name, ''",
        "io.jnet.name, 'a b'",
    })
    void a_value_out_of_range_is_refused_in_one_line(String key, String value) {
        refused(Map.of(key, value), ErrorCode.INVALID_REQUEST, "invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.77.0.0", "10.77.0.0/33", "10.77.0.1/24", "2001:db8::/64", "224.0.0.0/24", "127.0.0.0/8"})
    void a_bad_subnet_is_refused(String pool) {
        CreateNetworkRequest request =
                request(Map.of(), null, null, null, List.of(new AddressPool(pool, "", Map.of())), List.of());
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> map(request))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .withMessageContaining("subnet");
    }

    @Test
    void overlapping_and_repeated_subnets_are_refused() {
        CreateNetworkRequest request = request(Map.of(), null, null, null, List.of(IPV4, IPV4), List.of());
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> map(request))
                .withMessage("subnets 10.77.0.0/24 and 10.77.0.0/24 overlap");
    }

    @Test
    void the_null_ipam_driver_is_not_offered() {
        AddressPool none = new AddressPool("0.0.0.0/0", "", Map.of());
        refused(
                request(Map.of(), null, null, null, List.of(none), List.of()),
                ErrorCode.UNSUPPORTED,
                "network without a subnet");
    }

    private static AddressPool withDefaultGateway(String address) {
        return new AddressPool("10.77.0.0/24", "10.77.0.1/24", Map.of("DefaultGatewayIPv4", address));
    }

    private void refused(Map<String, String> generic, ErrorCode code, String message) {
        refused(request(generic, null, null, null, List.of(IPV4), List.of()), code, message);
    }

    private void refused(CreateNetworkRequest request, ErrorCode code, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> map(request))
                .withMessageStartingWith(message)
                .withMessageNotContainingAny("\n", "\r")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private NetworkSpec map(Map<String, String> generic) {
        return map(request(generic, null, null, null, List.of(IPV4), List.of()));
    }

    private NetworkSpec map(CreateNetworkRequest request) {
        return NetworkMapping.toSpec(request, ignored::add);
    }

    private static CreateNetworkRequest request(
            Map<String, String> generic,
            Boolean ipv4,
            Boolean ipv6,
            Boolean internal,
            List<AddressPool> ipv4Data,
            List<AddressPool> ipv6Data) {
        return new CreateNetworkRequest(
                "n",
                new CreateNetworkRequest.Options(generic, Optional.ofNullable(ipv4), ipv6, internal),
                ipv4Data,
                ipv6Data);
    }
}
