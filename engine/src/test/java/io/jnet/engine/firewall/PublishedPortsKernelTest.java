package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.port.PortRange;
import io.jnet.netlink.testkit.KernelTest;
import java.net.ConnectException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real packets to published ports. The parameter is {@code bridge-nf-call-iptables}. */
@KernelTest
class PublishedPortsKernelTest {
    private static final PortRange WEB = PortRange.of(8080);
    private static final PortRange NAMES = PortRange.of(5353);
    /** How long an answer is waited for that must not come; a refusal is there before. */
    private static final int REFUSED_MILLIS = 3000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whoIsOnNoNetworkReachesAPublishedPortAndIsSeenAsItself(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            publishA1(lab);

            seenAs("198.51.100.9", lab.outside, "198.51.100.1");
            seenAs("2001:db8::9", lab.outside, "2001:db8::1");
            seenAs("198.51.100.1", lab.host, "198.51.100.1");
            seenAs("2001:db8::1", lab.host, "2001:db8::1");
            seenAs("10.80.0.2", lab.d1, "198.51.100.1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theHostByLoopbackAndNetworksAreSeenAsTheGateway(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            publishA1(lab);

            seenAs("10.77.0.1", lab.host, "127.0.0.1");
            seenAs("10.77.0.1", lab.host, "10.78.0.1");
            seenAs("10.77.0.1", lab.b1, "198.51.100.1");
            seenAs("fd00:77::1", lab.b1, "2001:db8::1");
            seenAs("10.77.0.1", lab.b1, "10.78.0.1");
            seenAs("10.77.0.1", lab.a2, "198.51.100.1");
            seenAs("fd00:77::1", lab.a2, "2001:db8::1");
            seenAs("10.77.0.1", lab.a1, "198.51.100.1");
            seenAs("fd00:77::1", lab.a1, "2001:db8::1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aNetworkWhoseContainersDoNotMeetReachesItsPublishedPorts(int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables)) {
            lab.publish("0.0.0.0", WEB, "10.78.0.2", PacketLab.TCP);

            assertThat(address(lab.b2.askTcp("198.51.100.1", WEB.first()))).contains("10.78.0.1");
        }
    }

    @Test
    void aRangeKeepsItsPortsAndOnePortOfItMayLeadElsewhere() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.a1.answerTcp(20000);
            lab.a1.answerTcp(29999);
            lab.a1.answerTcp(30000);
            lab.publish("0.0.0.0", new PortRange(20000, 29999), "10.77.0.2", 20000);
            lab.publish("0.0.0.0", PortRange.of(20500), "10.78.0.2", PacketLab.TCP);

            assertThat(lab.outside.askTcp("198.51.100.1", 20000)).isPresent();
            assertThat(lab.outside.askTcp("198.51.100.1", 29999)).isPresent();
            assertThat(lab.outside.askTcp("198.51.100.1", 20500)).isPresent();
            assertThat(lab.outside.askTcp(0, "198.51.100.1", 20501, REFUSED_MILLIS))
                    .isEmpty();
            assertThat(lab.outside.askTcp(0, "198.51.100.1", 30000, REFUSED_MILLIS))
                    .isEmpty();
        }
    }

    @Test
    void aPortOfOneAddressIsThatAddressOnly() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.host.run("ip address add 198.51.100.2/24 dev up0");
            lab.a1.answerTcp(21000);
            lab.publish("198.51.100.2", WEB, "10.77.0.2", PacketLab.TCP);
            lab.publish("198.51.100.2", new PortRange(21000, 21001), "10.77.0.2", 21000);
            lab.publish("127.0.0.1", PortRange.of(8081), "10.77.0.2", PacketLab.TCP);

            assertThat(lab.outside.askTcp("198.51.100.2", WEB.first())).isPresent();
            assertThat(lab.outside.askTcp("198.51.100.2", 21000)).isPresent();
            assertThat(lab.host.askTcp("127.0.0.1", 8081)).isPresent();
            assertThat(lab.outside.askTcp(0, "198.51.100.1", WEB.first(), REFUSED_MILLIS))
                    .isEmpty();
            assertThat(lab.outside.askTcp(0, "198.51.100.1", 21000, REFUSED_MILLIS))
                    .isEmpty();
            assertThat(lab.outside.askTcp(0, "198.51.100.1", 8081, REFUSED_MILLIS))
                    .isEmpty();
        }
    }

    @Test
    void packetsThatOnlyPassTheHostAreNotRedirected() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.publish("0.0.0.0", PortRange.of(PacketLab.TCP), "10.77.0.3", PacketLab.TCP);

            assertThat(address(lab.a1.askTcp("198.51.100.9", PacketLab.TCP))).contains("198.51.100.1");
        }
    }

    @Test
    void anUnpublishedPortIsRefused() {
        try (PacketLab lab = PacketLab.create(1)) {
            publishA1(lab);
            assertThat(lab.outside.askTcp("198.51.100.1", WEB.first())).isPresent();

            lab.firewall.unpublish(java.util.List.of(new Publication(
                    io.jnet.engine.port.Protocol.TCP,
                    io.jnet.netlink.address.IpAddress.parse("0.0.0.0"),
                    WEB,
                    io.jnet.netlink.address.IpAddress.parse("10.77.0.2"),
                    PacketLab.TCP)));

            assertThat(lab.outside.askTcp(0, "198.51.100.1", WEB.first(), REFUSED_MILLIS))
                    .isEmpty();
            assertThat(lab.outside.askUdp("198.51.100.1", NAMES.first())).isPresent();
        }
    }

    @Test
    void ipv6LoopbackIsRefusedAtOnce() {
        try (PacketLab lab = PacketLab.create(1)) {
            publishA1(lab);

            assertThatThrownBy(() -> lab.host.connect("::1", WEB.first()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageStartingWith("Connection refused");
        }
    }

    private static void publishA1(PacketLab lab) {
        lab.publish("0.0.0.0", WEB, "10.77.0.2", PacketLab.TCP);
        lab.publish("0.0.0.0", NAMES, "10.77.0.2", PacketLab.UDP);
        lab.publish("::", WEB, "fd00:77::2", PacketLab.TCP);
        lab.publish("::", NAMES, "fd00:77::2", PacketLab.UDP);
    }

    private static void seenAs(String expected, Peer client, String hostAddress) {
        assertThat(address(client.askTcp(hostAddress, WEB.first()))).contains(expected);
        assertThat(address(client.askUdp(hostAddress, NAMES.first()))).contains(expected);
    }

    private static Optional<String> address(Optional<String> seen) {
        return seen.map(text -> text.substring(0, text.lastIndexOf(':')));
    }
}
