package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.PacketLab.Attempt;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.testkit.Frame;
import io.jnet.netlink.testkit.KernelTest;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a container on a secured port says by hand that is not its own. Each frame arrives once the rule against it is gone. */
@KernelTest
class PortSecurityKernelTest {
    private static final String ALL = "ff:ff:ff:ff:ff:ff";
    private static final String FORGED = "02:00:00:00:66:02";
    private static final byte[] DATA = new byte[8];
    private static final String MAC = "secured iifname . ether saddr != @port_macs counter drop";
    private static final String OTHERS = "secured counter drop";
    private static final String ARP_MAC = "secured_arp iifname . arp saddr ether != @port_macs counter drop";
    private static final String ARP = "secured_arp counter drop";
    private static final String IPV4 = "secured4 counter drop";
    private static final String IPV6 = "secured6 counter drop";
    private static final String TARGET =
            "secured6 icmpv6 type nd-neighbor-advert iifname . @th,64,128 != @port_targets6 counter drop";

    private PacketLab lab;
    private String mac;
    private String neighbour;

    @BeforeEach
    void build() {
        lab = PacketLab.create(0);
        mac = lab.a1.mac();
        neighbour = lab.a2.mac();
        lab.treat("jva1", lab.a1, EnumSet.of(NetworkFlag.PORT_SECURITY), "10.77.0.2", "fd00:77::2");
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    @Test
    void theMacAddressOfAnotherIsRefused() {
        lab.assertRefusedAtThePort(
                arrives(Frame.between(FORGED, neighbour).udp("10.77.0.2", 5000, "10.77.0.3", 53, DATA)), MAC);
    }

    @Test
    void arpForAnotherIsRefused() {
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, neighbour).arp(2, FORGED, "10.77.0.2", neighbour, "10.77.0.3")), ARP_MAC);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, neighbour).arp(2, mac, "10.77.0.1", neighbour, "10.77.0.3")), ARP);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, ALL).arp(1, mac, "10.77.0.3", "00:00:00:00:00:00", "10.77.0.3")), ARP);
    }

    @Test
    void aNeighboursAddressIsNotClaimedByNeighbourDiscovery() {
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, neighbour)
                        .neighbourAdvertisement("fd00:77::2", "fd00:77::3", "fd00:77::1", mac)),
                TARGET);
        // Asks from no address whether one is free that a neighbour is about to take.
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, "33:33:ff:00:00:09")
                        .neighbourSolicitation("::", "ff02::1:ff00:9", "fd00:77::9")),
                IPV6);
    }

    @Test
    void theSourceAddressOfAnotherIsRefused() {
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, neighbour).udp("10.77.0.9", 5000, "10.77.0.3", 53, DATA)), IPV4);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, neighbour).udp("fd00:77::9", 5000, "fd00:77::3", 53, DATA)), IPV6);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, neighbour).udp("fe80::9", 5000, "fd00:77::3", 53, DATA)), IPV6);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, neighbour).udp("0.0.0.0", 68, "10.77.0.3", 67, DATA)), IPV4);
    }

    @Test
    void otherProtocolsAndTagsAreRefused() {
        lab.assertRefusedAtThePort(arrives(Frame.between(mac, neighbour)), OTHERS);
        lab.assertRefusedAtThePort(
                arrives(Frame.between(mac, neighbour).tagged(5).udp("10.77.0.2", 5000, "10.77.0.3", 53, DATA)), OTHERS);
    }

    @Test
    void theBridgeDoesNotLearnFromFramesThatNoChainSees() {
        Frame lldp = Frame.between(neighbour, "01:80:c2:00:00:0e");
        Attempt moved = millis -> {
            // Again and again: what the neighbour says of its own accord moves its address back.
            return Peer.await(millis, () -> {
                lab.a1.send(lldp);
                return lab.host.run("bridge fdb show br jbr-a").contains(neighbour + " dev jva1");
            });
        };
        assertThat(lab.a2.askUdp("10.77.0.1", PacketLab.UDP))
                .as("is known at its own port")
                .isPresent();
        lab.host.run("ip link set jbr-a type bridge no_linklocal_learn 1");
        assertThat(moved.within(250)).as("as jnet makes its bridges").isEmpty();
        lab.host.run("ip link set jbr-a type bridge no_linklocal_learn 0");
        assertThat(moved.within(Peer.ANSWER_MILLIS)).as("as others are").isPresent();
    }

    @Test
    void whatIsItsOwnPasses() {
        assertThat(lab.a1.askTcp("10.77.0.3", PacketLab.TCP)).isPresent();
        assertThat(lab.a2.askTcp("10.77.0.2", PacketLab.TCP)).isPresent();
        assertThat(lab.a1.askTcp("fd00:77::3", PacketLab.TCP)).isPresent();
        assertThat(lab.a1.askTcp("198.51.100.9", PacketLab.TCP)).isPresent();
        assertThat(lab.a1.askTcp("2001:db8::9", PacketLab.TCP)).isPresent();
        lab.a1.run("ping -c 1 -W 3 ff02::1%eth0");
        assertPasses(Frame.between(mac, ALL).arp(1, mac, "0.0.0.0", "00:00:00:00:00:00", "10.77.0.9"));
        assertPasses(Frame.between(mac, ALL).udp("0.0.0.0", 68, "255.255.255.255", 67, DATA));
        assertPasses(
                Frame.between(mac, "33:33:ff:00:00:02").neighbourSolicitation("::", "ff02::1:ff00:2", "fd00:77::2"));
        assertPasses(Frame.between(mac, "33:33:00:00:00:02").icmpv6("::", "ff02::2", 133, new byte[4]));
    }

    @Test
    void aPortThatIsNotSecuredMayStillSayWhatItLikes() {
        Frame frame = Frame.between(FORGED, lab.a1.mac()).arp(2, FORGED, "10.77.0.1", mac, "10.77.0.2");
        assertThat(lab.a1.hears(lab.a2, frame, Peer.ANSWER_MILLIS)).isTrue();
    }

    private void assertPasses(Frame frame) {
        assertThat(lab.a2.hears(lab.a1, frame, Peer.ANSWER_MILLIS)).isTrue();
    }

    private Attempt arrives(Frame frame) {
        return millis -> lab.a2.hears(lab.a1, frame, millis) ? Optional.of("heard") : Optional.empty();
    }
}
