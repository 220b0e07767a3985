package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.PacketLab.Attempt;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.testkit.Frame;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A container that would make itself the router or DHCP server of its neighbours, by frames made by hand. Each arrives once the rule
 * against it is gone.
 */
@KernelTest
class RogueRouterKernelTest {
    private static final String ALL_NODES = "33:33:00:00:00:01";
    private static final String ALL = "ff:ff:ff:ff:ff:ff";
    private static final String ROUTER = "no_router icmpv6 type { nd-router-advert, nd-redirect } counter drop";
    private static final String ICMP = "no_router icmp type { redirect, router-advertisement } counter drop";
    private static final String DHCP = "no_router meta protocol ip udp dport 68 counter drop";
    private static final String DHCPV6 = "no_router meta protocol ip6 udp dport 546 counter drop";
    private static final String STACKED = "from_port meta protocol { 8021q, 8021ad } counter drop";

    private PacketLab lab;
    private String mac;

    @BeforeEach
    void build() {
        lab = PacketLab.create(1);
        mac = lab.a1.mac();
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    @Test
    void isNoIpv6RouterToItsNeighbours() {
        Frame advertisement = Frame.between(mac, ALL_NODES).routerAdvertisement("fe80::1", "ff02::1");
        lab.assertRefusedAtThePort(arrives(advertisement), ROUTER);
        lab.assertRefusedAtThePort(arrives(advertisement.tagged(0)), ROUTER);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, lab.a2.mac())
                        .icmpv6(
                                "fe80::1",
                                "fd00:77::3",
                                137,
                                ByteBuffer.allocate(36).array())),
                ROUTER);
    }

    @Test
    void itsNeighboursTakeNoDefaultRouteFromIt() {
        lab.a2.run("ip -6 route del default");
        lab.a2.run("sysctl -qw net.ipv6.conf.eth0.forwarding=0 net.ipv6.conf.eth0.accept_ra=1");
        Frame advertisement = Frame.between(mac, ALL_NODES).routerAdvertisement("fe80::1", "ff02::1");
        Attempt accepted = millis -> {
            lab.a1.send(advertisement);
            return Peer.await(
                    millis, () -> lab.a2.run("ip -6 route show default").contains("proto ra"));
        };
        lab.assertRefusedAtThePort(
                millis -> {
                    Optional<String> answer = accepted.within(millis);
                    lab.a2.run("ip -6 route flush proto ra");
                    return answer;
                },
                ROUTER);
    }

    @Test
    void framesBehindTwoTagsAreNotTakenUnseen() {
        // Linux takes off any number of tags of VLAN 0: the neighbour would have taken the advertisement.
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, ALL_NODES).tagged(0).tagged(0).routerAdvertisement("fe80::1", "ff02::1")),
                STACKED);
    }

    @Test
    void isNoIpv4RouterToItsNeighbours() {
        byte[] redirect = ByteBuffer.allocate(32).putInt(0x0a4d0002).array();
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, lab.a2.mac()).icmp("10.77.0.1", "10.77.0.3", 5, 1, redirect)), ICMP);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, ALL).icmp("10.77.0.2", "255.255.255.255", 9, 0, new byte[12])), ICMP);
    }

    @Test
    void isNoDhcpServerToItsNeighbours() {
        lab.assertRefusedAtThePort(arrives(dhcp(67)), DHCP);
        lab.assertRefusedAtThePort(arrives(dhcp(6767)), DHCP);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, lab.a2.mac()).udp("fe80::1", 547, "fe80::2", 546, new byte[40])), DHCPV6);
    }

    @Test
    void mayBeOneWhereTheNetworkSaysSo() {
        Frame advertisement = Frame.between(mac, ALL_NODES).routerAdvertisement("fe80::1", "ff02::1");
        assertThat(lab.a2.hears(lab.a1, advertisement, 250)).isFalse();
        lab.treat("jva1", lab.a1, EnumSet.of(NetworkFlag.ROUTERS));

        assertThat(lab.a2.hears(lab.a1, advertisement, Peer.ANSWER_MILLIS)).isTrue();
        assertThat(lab.a2.hears(lab.a1, dhcp(67), Peer.ANSWER_MILLIS)).isTrue();
        Frame fromAnother = Frame.between(lab.a2.mac(), ALL_NODES).routerAdvertisement("fe80::1", "ff02::1");
        assertThat(lab.a1.hears(lab.a2, fromAnother, 250)).as("another port").isFalse();
    }

    @Test
    void theRouterOfABridgeThatIsSharedWithACableIsHeard() {
        try (Peer router = new Peer()) {
            lab.cable(router, "cable0");
            lab.host.run("ip link set cable0 master jbr-a");
            Frame advertisement = Frame.between(router.mac(), ALL_NODES).routerAdvertisement("fe80::1", "ff02::1");

            // Again and again: the bridge passes on what comes from a port once it has seen the port's carrier.
            assertThat(Peer.await(Peer.ANSWER_MILLIS, () -> lab.a2.hears(router, advertisement, 100)))
                    .isPresent();
            lab.assertRefusedAtThePort(
                    millis -> router.hears(lab.a1, dhcp(67), millis) ? Optional.of("heard") : Optional.empty(), DHCP);
        }
    }

    private Frame dhcp(int sourcePort) {
        return Frame.between(mac, ALL).udp("10.77.0.2", sourcePort, "255.255.255.255", 68, new byte[300]);
    }

    private Attempt arrives(Frame frame) {
        return millis -> lab.a2.hears(lab.a1, frame, millis) ? Optional.of("heard") : Optional.empty();
    }
}
