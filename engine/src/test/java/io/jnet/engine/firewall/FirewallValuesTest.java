package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.nftables.SetElement;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallValuesTest {
    private static final IpAddress ANY = IpAddress.parse("0.0.0.0");
    private static final IpAddress CONTAINER = IpAddress.parse("10.77.0.2");

    @ParameterizedTest
    @ValueSource(strings = {"", "a\"b", "a\nb", "a;b", "a{b", "jnet\\", "ü"})
    void anOwnerCannotEndItsQuotes(String owner) {
        assertThatThrownBy(() -> new FirewallState(owner, List.of(), List.of(), Surroundings.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FirewallState("x".repeat(101), List.of(), List.of(), Surroundings.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLongestOwnerFitsIntoTheComment() {
        FirewallState state = new FirewallState("x".repeat(100), List.of(), List.of(), Surroundings.NONE);

        // libnftnl, udata.h: NFTNL_UDATA_COMMENT_MAXLEN is 128, with the terminating zero.
        assertThat(Ruleset.TABLE.commentText(state).length()).isLessThan(128);
    }

    @Test
    void refusesPublicationsThatCannotBe() {
        assertThatThrownBy(() -> new Publication(Protocol.TCP, IpAddress.parse("::"), PortRange.of(80), CONTAINER, 80))
                .hasMessage("host address :: and container address 10.77.0.2 differ in family");
        assertThatThrownBy(() -> new Publication(Protocol.TCP, ANY, PortRange.of(80), CONTAINER, 65536))
                .hasMessage("invalid container port 65536");
        assertThatThrownBy(() -> new Publication(Protocol.TCP, ANY, new PortRange(80, 90), CONTAINER, 81))
                .hasMessage("ports 80-90 cannot lead to others from 81: a run keeps its numbers");
    }

    @Test
    void refusesNetworksThatCannotBe() {
        InterfaceName bridge = new InterfaceName("jbr-a");
        assertThatThrownBy(() -> new NetworkRules(bridge, List.of(IpPrefix.parse("10.77.0.1/24")), List.of(), Set.of()))
                .hasMessage("subnet 10.77.0.1/24 of jbr-a has host bits");
        assertThatThrownBy(() -> new NetworkRules(
                        bridge,
                        List.of(IpPrefix.parse("10.77.0.0/24")),
                        List.of(IpAddress.parse("10.78.0.1")),
                        Set.of()))
                .hasMessage("gateway 10.78.0.1 is in no subnet of jbr-a");
    }

    @Test
    void aPublicationIsOneElementHoweverManyPorts() {
        assertThat(text(ANY, 8080, 8080, 80)).isEqualTo("published4 6 . 8080 : 10.77.0.2 . 80");
        assertThat(text(ANY, 20000, 29999, 20000)).isEqualTo("published_ranges4 6 . 20000-29999 : 10.77.0.2");
        IpAddress one = IpAddress.parse("198.51.100.1");
        assertThat(text(one, 8080, 8080, 80)).isEqualTo("published_address4 198.51.100.1 . 6 . 8080 : 10.77.0.2 . 80");
        assertThat(text(one, 20000, 29999, 20000))
                .isEqualTo("published_address_ranges4 198.51.100.1 . 6 . 20000-29999 : 10.77.0.2");
    }

    @Test
    void aFamilyIsElementsOfItsModeAndSource() {
        assertThat(elements(GatewayMode.ROUTED, ""))
                .contains("routed4 \"jbr-a\"")
                .noneMatch(FirewallValuesTest::isTranslation);
        assertThat(elements(GatewayMode.NAT_UNPROTECTED, ""))
                .contains("unprotected4 \"jbr-a\"", "masquerade4 10.77.0.0/24");
        assertThat(elements(GatewayMode.ISOLATED, "")).contains("isolated4 \"jbr-a\"");
        assertThat(elements(GatewayMode.NAT, "192.0.2.1"))
                .contains("source_address4 10.77.0.0/24 : 192.0.2.1")
                .as("into other networks")
                .contains("masquerade4 10.77.0.0/24");
        assertThat(elements(GatewayMode.ROUTED, "192.0.2.1")).noneMatch(FirewallValuesTest::isTranslation);
    }

    private static boolean isTranslation(String element) {
        return element.startsWith("masquerade") || element.startsWith("source_address");
    }

    private static List<String> elements(GatewayMode mode, String source) {
        IpPrefix subnet = IpPrefix.parse("10.77.0.0/24");
        FamilyPolicy policy = new FamilyPolicy(
                mode, Optional.of(source).filter(text -> !text.isEmpty()).map(IpAddress::parse));
        Exterior exterior = new Exterior(policy, FamilyPolicy.DEFAULT, List.of(), List.of());
        NetworkRules network = new NetworkRules(
                new InterfaceName("jbr-a"),
                List.of(subnet),
                List.of(),
                EnumSet.of(NetworkFlag.MASQUERADE),
                exterior,
                List.of(subnet),
                Optional.of(MacAddress.parse("02:42:0a:4d:00:01")));
        return Elements.of(network).stream()
                .map(element -> element.set() + " " + element.text())
                .toList();
    }

    @Test
    void aNetworkIsElementsOfItsFlags() {
        NetworkRules network = new NetworkRules(
                new InterfaceName("jbr-a"),
                List.of(IpPrefix.parse("10.77.0.0/24"), IpPrefix.parse("fd00:77::/64")),
                List.of(IpAddress.parse("10.77.0.1")),
                EnumSet.allOf(NetworkFlag.class));

        assertThat(Elements.of(network))
                .extracting(element -> element.set() + " " + element.text())
                .containsExactlyInAnyOrder(
                        "bridges \"jbr-a\"",
                        "adopted_bridges \"jbr-a\"",
                        "internal_bridges \"jbr-a\"",
                        "inter_container \"jbr-a\" . \"jbr-a\"",
                        "subnets4 \"jbr-a\" . 10.77.0.0/24",
                        "subnets6 \"jbr-a\" . fd00:77::/64",
                        "masquerade4 10.77.0.0/24",
                        "masquerade6 fd00:77::/64",
                        "hairpin4 10.77.0.0/24 . 10.77.0.0/24",
                        "hairpin6 fd00:77::/64 . fd00:77::/64",
                        "gateways4 10.77.0.1");
    }

    private static String text(IpAddress host, int first, int last, int port) {
        SetElement element = Elements.of(
                        new Publication(Protocol.TCP, host, new PortRange(first, last), CONTAINER, port))
                .get(0);
        return element.set() + " " + element.text();
    }
}
