package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.PacketLab.Attempt;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.testkit.KernelTest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real packets from outside to published ports, under each policy. */
@KernelTest
class PublishPolicyKernelTest {
    private static final int PUBLISHED = 8080;
    private static final int REFUSED_MILLIS = 250;

    /** What others have: a forward chain that drops what nobody has accepted. */
    private static final String CLOSED_HOST =
            """
            table inet host {
                chain forward {
                    type filter hook forward priority filter; policy drop;
                    ct state established,related accept
                    meta mark and 0x1000 == 0x1000 accept
                }
            }
            """;

    /** What firewalld does: whatever is translated is accepted. */
    private static final String TRUSTING_HOST =
            """
            table inet host {
                chain forward {
                    type filter hook forward priority filter + 10; policy drop;
                    ct state established,related accept
                    ct status dnat accept
                }
            }
            """;

    private enum Place {
        IPV4("198.51.100.1", "10.77.0.2", "198.51.100.0/24", "192.0.2.0/24", "0.0.0.0", "4"),
        IPV6("2001:db8::1", "fd00:77::2", "2001:db8::/64", "2001:db8:1::/64", "::", "6");

        private final String host;
        private final String container;
        private final String near;
        private final String elsewhere;
        private final String any;
        private final String number;

        Place(String host, String container, String near, String elsewhere, String any, String number) {
            this.host = host;
            this.container = container;
            this.near = near;
            this.elsewhere = elsewhere;
            this.any = any;
            this.number = number;
        }

        String protocol() {
            return this == IPV4 ? "ip" : "ip6";
        }

        String limit() {
            return "let_in oifname @limited oifname . %2$s saddr != @admitted%1$s counter drop"
                    .formatted(number, protocol());
        }

        String ownLimit() {
            return "let_in %2$s daddr @limited_containers%1$s %2$s daddr . %2$s saddr != @admitted_to_containers%1$s counter drop"
                    .formatted(number, protocol());
        }
    }

    private PacketLab lab;

    @BeforeEach
    void build() {
        lab = PacketLab.create(1);
        for (Place place : Place.values()) {
            lab.publish(place.any, PortRange.of(PUBLISHED), place.container, PacketLab.TCP);
        }
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource
    void fromLetsInWhoComesFromThere(Place place) {
        policy("from=" + place.near);
        assertThat(published(place).within(Peer.ANSWER_MILLIS)).isPresent();

        policy("from=" + place.elsewhere);
        lab.assertRefusedBy(published(place), place.limit());
        assertThat(lab.host.askTcp(place.host, PUBLISHED)).as("the host itself").isPresent();
        Attempt byBridge = millis -> lab.b1.askTcp(0, place.host, PUBLISHED, millis);
        lab.assertRefusedBy(byBridge, place.limit());
        lab.knowMac("b");
        assertThat(lab.b1.askTcp(place.host, PUBLISHED))
                .as("another network of the host, on a bridge that is not somebody else's")
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void aContainerMayBeStricterThanItsNetwork(Place place) {
        policy("from=" + place.near);
        Restriction own =
                new Restriction(IpAddress.parse(place.container), PublishPolicy.parse("from=" + place.elsewhere));
        lab.restrict(own);
        lab.assertRefusedBy(published(place), place.ownLimit());

        lab.firewall.unpublish(List.of(own));
        assertThat(published(place).within(Peer.ANSWER_MILLIS)).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void whoReachesContainersByARouteIsLimitedToo(Place place) {
        PublishPolicy elsewhere = PublishPolicy.parse("from=" + place.elsewhere);
        FamilyPolicy unprotected = new FamilyPolicy(GatewayMode.NAT_UNPROTECTED, Optional.empty());
        Exterior open = new Exterior(unprotected, unprotected, List.of(), List.of());
        Attempt direct = millis -> lab.outside.askTcp(0, place.container, PacketLab.TCP, millis);
        lab.setExterior("a", open);
        assertThat(direct.within(Peer.ANSWER_MILLIS)).isPresent();

        lab.setExterior("a", open.publishing(elsewhere));
        lab.assertRefusedBy(direct, place.limit());
    }

    @ParameterizedTest
    @EnumSource
    void whereTheHostsRulesDecideTheyAreAsked(Place place) {
        lab.load(CLOSED_HOST);
        assertThat(published(place).within(Peer.ANSWER_MILLIS)).as("open").isPresent();

        policy("firewalled");
        assertThat(published(place).within(REFUSED_MILLIS)).isEmpty();
        lab.host.run("nft insert rule inet host forward " + place.protocol() + " daddr " + place.container
                + " tcp dport 80 accept");
        assertThat(published(place).within(Peer.ANSWER_MILLIS))
                .as("the host has let it in")
                .isPresent();
    }

    @Test
    void aContainerMayAskForTheHostsRulesByItself() {
        lab.load(CLOSED_HOST);
        lab.restrict(new Restriction(IpAddress.parse("10.77.0.2"), PublishPolicy.FIREWALLED));

        assertThat(published(Place.IPV4).within(REFUSED_MILLIS)).isEmpty();
        assertThat(published(Place.IPV6).within(Peer.ANSWER_MILLIS)).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void whatAZoneFirewallAcceptsUnaskedIsHeldToItsPolicies(Place place) {
        lab.load(TRUSTING_HOST);
        policy("firewalled");
        assertThat(published(place).within(Peer.ANSWER_MILLIS)).isPresent();

        lab.passages(Set.of());
        lab.assertRefusedBy(
                published(place),
                "firewalled ct status dnat meta l4proto @unasked iifname . oifname . meta l4proto . th dport != @passages"
                        + " counter drop");
        lab.passages(Set.of(passage(81, 90)));
        assertThat(published(place).within(REFUSED_MILLIS)).isEmpty();
        lab.passages(Set.of(passage(PacketLab.TCP, 90)));
        assertThat(published(place).within(Peer.ANSWER_MILLIS)).isPresent();
    }

    private static Passage passage(int first, int last) {
        return new Passage(
                new InterfaceName("up0"), new InterfaceName("jbr-a"), Protocol.TCP, new PortRange(first, last));
    }

    private Attempt published(Place place) {
        return millis -> lab.outside.askTcp(0, place.host, PUBLISHED, millis);
    }

    private void policy(String text) {
        lab.setExterior("a", Exterior.DEFAULT.publishing(PublishPolicy.parse(text)));
    }
}
