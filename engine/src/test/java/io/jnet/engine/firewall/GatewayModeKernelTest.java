package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.PacketLab.Attempt;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.testkit.KernelTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real packets from where there is a route to the containers, in each gateway mode, over both families. */
@KernelTest
class GatewayModeKernelTest {
    private static final String UNPUBLISHED = "into_network counter drop";
    private static final int OTHER_TCP = 81;

    /** The addresses of the lab in one family. */
    private enum Place {
        IPV4("198.51.100.9", "198.51.100.1", "10.77.0.2", "10.77.0.1", "10.79.0.1"),
        IPV6("2001:db8::9", "2001:db8::1", "fd00:77::2", "fd00:77::1", "fd00:79::1");

        private final String outside;
        private final String host;
        private final String container;
        private final String gateway;
        private final String internalGateway;

        Place(String outside, String host, String container, String gateway, String internalGateway) {
            this.outside = outside;
            this.host = host;
            this.container = container;
            this.gateway = gateway;
            this.internalGateway = internalGateway;
        }

        Exterior exterior(GatewayMode mode) {
            return exterior(new FamilyPolicy(mode, Optional.empty()), List.of());
        }

        Exterior exterior(FamilyPolicy policy, List<InterfaceName> trusted) {
            return this == IPV4
                    ? new Exterior(policy, FamilyPolicy.DEFAULT, trusted, List.of())
                    : new Exterior(FamilyPolicy.DEFAULT, policy, trusted, List.of());
        }

        AddressFamily family() {
            return this == IPV4 ? AddressFamily.INET : AddressFamily.INET6;
        }
    }

    @ParameterizedTest
    @EnumSource
    void routedLetsInWhatIsOpenAndNothingElse(Place place) {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.a1.answerTcp(OTHER_TCP);
            Attempt open = millis -> lab.outside.askTcp(0, place.container, PacketLab.TCP, millis);
            lab.assertRefusedBy(open, UNPUBLISHED);

            lab.setExterior("a", place.exterior(GatewayMode.ROUTED));
            lab.assertRefusedBy(open, UNPUBLISHED);
            lab.open(place.container, PacketLab.TCP);
            assertThat(open.within(Peer.ANSWER_MILLIS))
                    .as("seen with its own address")
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(place.outside + ":"));
            lab.assertRefusedBy(millis -> lab.outside.askTcp(0, place.container, OTHER_TCP, millis), UNPUBLISHED);
            lab.outside.run("ping -c 1 -W 3 " + place.container);
        }
    }

    @ParameterizedTest
    @EnumSource
    void routedPacketsLeaveAsTheyAre(Place place) {
        try (PacketLab lab = PacketLab.create(1)) {
            assertThat(lab.a1.askTcp(place.outside, PacketLab.TCP))
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(place.host + ":"));
            lab.setExterior("a", place.exterior(GatewayMode.ROUTED));
            assertThat(lab.a1.askTcp(place.outside, PacketLab.TCP))
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(place.container + ":"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void routedNetworksAreOpenToOtherNetworksTheSameWay(Place place) {
        try (PacketLab lab = PacketLab.create(1)) {
            String anotherNetwork = "out_of_network oifname @bridges counter drop";
            String anotherBridge = "out_of_network meta oifkind \"bridge\" oifname != @uplink_bridges counter drop";
            lab.a1.answerTcp(OTHER_TCP);
            Attempt open = millis -> lab.b1.askTcp(0, place.container, PacketLab.TCP, millis);
            lab.setExterior("a", place.exterior(GatewayMode.ROUTED));
            lab.assertRefusedBy(open, anotherNetwork, anotherBridge);
            lab.open(place.container, PacketLab.TCP);
            assertThat(open.within(Peer.ANSWER_MILLIS)).isPresent();
            lab.assertRefusedBy(
                    millis -> lab.b1.askTcp(0, place.container, OTHER_TCP, millis), anotherNetwork, anotherBridge);
        }
    }

    @ParameterizedTest
    @EnumSource
    void routedNetworksKeepTheirGatewayToThemselves(Place place) {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.setExterior("a", place.exterior(GatewayMode.ROUTED));
            String rule = place == Place.IPV4
                    ? "raw_prerouting ip daddr @gateways4 counter drop"
                    : "raw6 ip6 daddr @gateways6 counter drop";
            lab.assertRefusedBy(millis -> lab.outside.askTcp(0, place.gateway, PacketLab.TCP, millis), rule);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unprotectedLetsInEverything(Place place) {
        try (PacketLab lab = PacketLab.create(1)) {
            Attempt direct = millis -> lab.outside.askTcp(0, place.container, PacketLab.TCP, millis);
            lab.assertRefusedBy(direct, UNPUBLISHED);
            lab.setExterior("a", place.exterior(GatewayMode.NAT_UNPROTECTED));
            assertThat(direct.within(Peer.ANSWER_MILLIS))
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(place.outside + ":"));
            lab.outside.run("ping -c 1 -W 3 " + place.container);
            assertThat(lab.a1.askTcp(place.outside, PacketLab.TCP))
                    .as("translated on the way out")
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(place.host + ":"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void trustedInterfacesReachWhatIsOpen(Place place) {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.a1.answerTcp(OTHER_TCP);
            lab.open(place.container, PacketLab.TCP);
            Attempt open = millis -> lab.outside.askTcp(0, place.container, PacketLab.TCP, millis);
            lab.setExterior("a", place.exterior(FamilyPolicy.DEFAULT, List.of(new InterfaceName("up1"))));
            lab.assertRefusedBy(open, UNPUBLISHED);
            lab.setExterior("a", place.exterior(FamilyPolicy.DEFAULT, List.of(new InterfaceName("up0"))));
            assertThat(open.within(Peer.ANSWER_MILLIS)).isPresent();
            lab.assertRefusedBy(millis -> lab.outside.askTcp(0, place.container, OTHER_TCP, millis), UNPUBLISHED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void packetsLeaveWithTheAddressThatTheNetworkNames(Place place) {
        try (PacketLab lab = PacketLab.create(1)) {
            String source = place == Place.IPV4 ? "198.51.100.77" : "2001:db8::77";
            // Deprecated: masquerading would prefer the newest address.
            lab.host.run(
                    place == Place.IPV4
                            ? "ip address add " + source + "/32 dev up0"
                            : "ip address add " + source + "/128 dev up0 nodad preferred_lft 0");
            IpAddress address = IpAddress.parse(source);
            lab.setExterior("a", place.exterior(new FamilyPolicy(GatewayMode.NAT, Optional.of(address)), List.of()));
            assertThat(address.family()).isEqualTo(place.family());
            assertThat(lab.a1.askTcp(place.outside, PacketLab.TCP))
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(source + ":"));
            assertThat(lab.b1.askTcp(place.outside, PacketLab.TCP))
                    .as("another network")
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(place.host + ":"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isolatedContainersDoNotReachTheHost(Place place) {
        try (PacketLab lab = PacketLab.create(1)) {
            // An address that somebody gave to the bridge: what jnet refuses is then the rule's doing alone.
            Attempt host = millis -> lab.c1.askTcp(0, place.internalGateway, PacketLab.TCP, millis);
            assertThat(host.within(Peer.ANSWER_MILLIS)).isPresent();
            lab.setExterior("c", place.exterior(GatewayMode.ISOLATED));
            String family = place == Place.IPV4 ? "4" : "6";
            lab.assertRefusedBy(
                    host, "input meta nfproto ipv%s iifname @isolated%s counter drop".formatted(family, family));
        }
    }
}
