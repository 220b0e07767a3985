package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.PacketLab.Attempt;
import io.jnet.engine.port.PortRange;
import io.jnet.netlink.testkit.KernelTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real packets that must not arrive; each arrives once the rule against it is gone. The parameter is {@code bridge-nf-call-iptables}. */
@KernelTest
class IsolationKernelTest {
    private static final String OTHER_BRIDGES =
            "out_of_network meta oifkind \"bridge\" oifname != @uplink_bridges counter drop";
    private static final int SOURCE_PORT = 20007;

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theOutsideDoesNotReachAContainerByARoute(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            lab.assertRefusedBy(tcp(lab.outside, "10.77.0.2"), "into_network counter drop");
            lab.assertRefusedBy(udp(lab.outside, "10.77.0.2"), "into_network counter drop");
            lab.assertRefusedBy(tcp(lab.outside, "fd00:77::2"), "into_network counter drop");
            lab.assertRefusedBy(tcp(lab.d1, "10.77.0.2"), "into_network counter drop");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void networksDoNotReachEachOther(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            String[] rules = {"out_of_network oifname @bridges counter drop", OTHER_BRIDGES};
            lab.assertRefusedBy(tcp(lab.b1, "10.77.0.2"), rules);
            lab.assertRefusedBy(udp(lab.a1, "10.78.0.2"), rules);
            lab.assertRefusedBy(tcp(lab.b1, "fd00:77::2"), rules);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aGatewayAddressIsForItsOwnNetwork(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            String rule = "raw_prerouting ip daddr @gateways4 counter drop";
            lab.assertRefusedBy(
                    tcp(lab.b1, "10.77.0.1"),
                    "raw_network4 ip daddr @gateways4 iifname . ip daddr != @subnets4 counter drop");
            lab.assertRefusedBy(udp(lab.outside, "10.77.0.1"), rule);
            lab.assertRefusedBy(tcp(lab.d1, "10.77.0.1"), rule);
            lab.assertRefusedBy(tcp(lab.outside, "fd00:77::1"), "raw6 ip6 daddr @gateways6 counter drop");

            assertThat(lab.a1.askTcp("10.77.0.1", PacketLab.TCP)).isPresent();
            assertThat(lab.a1.askTcp("fd00:77::1", PacketLab.TCP)).isPresent();
            assertThat(lab.host.askTcp("10.77.0.1", PacketLab.TCP)).isPresent();
            assertThat(lab.a1.askTcp("198.51.100.1", PacketLab.TCP)).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void containersOfANetworkMeetWhereItSaysSo(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            assertThat(lab.a1.askTcp("10.77.0.3", PacketLab.TCP))
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith("10.77.0.2:"));
            assertThat(lab.a1.askTcp("fd00:77::3", PacketLab.TCP)).isPresent();
            if (bridgeCallsIptables == 1) {
                String[] rules = {
                    "out_of_network ip saddr . ip daddr @hairpin4 counter drop",
                    "out_of_network oifname @bridges counter drop",
                    OTHER_BRIDGES
                };
                lab.assertRefusedBy(tcp(lab.b1, "10.78.0.3"), rules);
                lab.assertRefusedBy(udp(lab.b1, "10.78.0.3"), rules);
            }
        }
    }

    @Test
    void foreignBridgesAreReachedByTheirPublishedPortsOnly() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.assertRefusedBy(tcp(lab.a1, "10.80.0.2"), OTHER_BRIDGES);
            lab.host.run("nft -- add table ip foreign { chain nat { type nat hook prerouting priority -100 ; "
                    + "ip daddr 198.51.100.1 tcp dport 8888 dnat to 10.80.0.2:80 ; } ; }");
            assertThat(lab.a1.askTcp("198.51.100.1", 8888)).isPresent();

            lab.allowUplinkBridge("other");
            assertThat(lab.a1.askTcp("10.80.0.2", PacketLab.TCP))
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith("10.80.0.1:"));
        }
    }

    @Test
    void theHostIsReachedByTheGatewaysOfForeignBridges() {
        try (PacketLab lab = PacketLab.create(1)) {
            assertThat(lab.a1.askTcp("10.80.0.1", PacketLab.TCP)).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aContainerCannotPretendToBeAnother(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            // The answer must find its way back to the pretender.
            lab.a1.run("ip address add 10.66.0.2/32 dev eth0");
            lab.host.run("ip route add 10.66.0.2/32 dev jbr-a");
            lab.a1.run("ip address add fd00:66::2/128 dev eth0 nodad");
            lab.host.run("ip -6 route add fd00:66::2/128 dev jbr-a");

            lab.assertRefusedBy(
                    millis -> lab.a1.askUdp("10.66.0.2", 0, "10.77.0.1", PacketLab.UDP, millis),
                    "raw_stranger counter drop");
            lab.assertRefusedBy(
                    millis -> lab.a1.askUdp("fd00:66::2", 0, "fd00:77::1", PacketLab.UDP, millis),
                    "raw_stranger counter drop");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void loopbackAddressesFromTheWireAreDropped(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            lab.a1.run("sysctl -qw net.ipv4.conf.all.route_localnet=1");
            lab.a1.run("ip address del 127.0.0.1/8 dev lo");
            lab.a1.run("ip route add 127.0.0.1/32 via 10.77.0.1");

            lab.assertRefusedBy(
                    millis -> lab.a1.askUdp("10.77.0.2", 0, "127.0.0.1", PacketLab.UDP, millis),
                    "raw_network4 ip daddr 127.0.0.0/8 counter drop");
        }
    }

    @Test
    void aLoopbackSourceFromTheWireIsDropped() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.a1.run("sysctl -qw net.ipv4.conf.all.route_localnet=1");
            Attempt arrives = millis -> {
                lab.host.forgetSeen();
                // The answer does not leave the host.
                lab.a1.askUdp("127.0.0.2", SOURCE_PORT, "10.77.0.1", PacketLab.UDP, 1);
                return lab.host.awaitSeen("127.0.0.2:" + SOURCE_PORT, millis);
            };
            lab.assertRefusedBy(arrives, "raw_stranger counter drop");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anInternalNetworkIsForItself(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            assertThat(lab.c1.askTcp("10.79.0.3", PacketLab.TCP)).isPresent();
            assertThat(lab.c1.askTcp("fd00:79::3", PacketLab.TCP)).isPresent();
            assertThat(lab.c1.askTcp("10.79.0.1", PacketLab.TCP)).isPresent();
            assertThat(lab.host.askTcp("10.79.0.2", PacketLab.TCP)).isPresent();

            String fromIpv4 = "raw_internal4 ip daddr != { 224.0.0.0/4, 255.255.255.255 } "
                    + "iifname . ip daddr != @subnets4 counter drop";
            String fromIpv6 =
                    "raw_internal6 ip6 daddr != { fe80::/10, ff00::/8 } iifname . ip6 daddr != @subnets6 counter drop";
            lab.assertRefusedBy(tcp(lab.c1, "198.51.100.1"), fromIpv4);
            lab.assertRefusedBy(tcp(lab.c1, "2001:db8::1"), fromIpv6);
            lab.assertRefusedBy(
                    tcp(lab.c1, "198.51.100.9"), fromIpv4, "out_of_network iifname @internal_bridges counter drop");
            lab.assertRefusedBy(
                    tcp(lab.c1, "10.77.0.2"),
                    fromIpv4,
                    "out_of_network iifname @internal_bridges counter drop",
                    "out_of_network oifname @bridges counter drop",
                    OTHER_BRIDGES);
        }
    }

    @Test
    void nothingEntersAnInternalNetworkEvenByAPublishedPort() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.publish("0.0.0.0", PortRange.of(8080), "10.79.0.2", PacketLab.TCP);
            String answers = "raw_internal4 ip daddr != { 224.0.0.0/4, 255.255.255.255 } "
                    + "iifname . ip daddr != @subnets4 counter drop";

            lab.assertRefusedBy(
                    millis -> lab.outside.askTcp(0, "198.51.100.1", 8080, millis),
                    "into_network oifname @internal_bridges counter drop",
                    answers);
            lab.assertRefusedBy(
                    millis -> lab.a1.askTcp(0, "198.51.100.1", 8080, millis),
                    "out_of_network oifname @internal_bridges counter drop",
                    answers);
        }
    }

    private static Attempt tcp(Peer client, String address) {
        return millis -> client.askTcp(0, address, PacketLab.TCP, millis);
    }

    private static Attempt udp(Peer client, String address) {
        return millis -> client.askUdp("", 0, address, PacketLab.UDP, millis);
    }
}
