package io.jnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The messages were sent for a UDP packet from 127.0.0.1 to its port 9 by these rules: {@code chain out { type filter hook output priority 0; udp dport
 * 9 meta nftrace set 1 jump inner; }} and {@code chain in { type filter hook input priority 0; udp dport 9 counter drop; }}.
 */
class TraceEventTest {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

    @Test
    void decodesARulesVerdictWithThePacket() {
        assertThat(decode("trace-rule.txt"))
                .isEqualTo(new TraceEvent(
                        0x81f9690dL,
                        "inet",
                        "watched",
                        "out",
                        TraceEvent.Kind.RULE,
                        OptionalLong.of(4),
                        new TraceVerdict(-3, Optional.of("inner")),
                        Optional.of(new TracedPacket(LOOPBACK, LOOPBACK, 17, 54097, 9, 0, OptionalInt.empty())),
                        OptionalInt.empty(),
                        OptionalInt.of(1)));
        assertThat(decode("trace-rule.txt").verdict()).hasToString("jump inner");
    }

    @Test
    void decodesAPolicy() {
        TraceEvent event = decode("trace-policy.txt");
        assertThat(event.kind()).isEqualTo(TraceEvent.Kind.POLICY);
        assertThat(event.verdict()).isEqualTo(new TraceVerdict(TraceVerdict.ACCEPT, Optional.empty()));
        assertThat(event.rule()).isEmpty();
        assertThat(event.content()).isEmpty();
    }

    @Test
    void decodesADrop() {
        TraceEvent event = decode("trace-drop.txt");
        assertThat(event.verdict().isDrop()).isTrue();
        assertThat(event.in()).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trace-rule.txt", "trace-policy.txt", "trace-drop.txt"})
    void refusesMalformedMessages(String file) {
        DecoderContract.check(GoldenBytes.read(getClass(), file), message -> assertThat(TraceEvent.decode(message))
                .isNotNull());
    }

    @Test
    void readsIpv6AndTcp() {
        byte[] network = HexFormat.of()
                .parseHex("60000000001406" + "40" + "20010db8000000000000000000000001"
                        + "20010db8000000000000000000000002");
        byte[] reset = HexFormat.of().parseHex("0050c350" + "00000000" + "00000000" + "5014" + "000000000000");
        TracedPacket packet = TracedPacket.of(network, reset).orElseThrow();
        assertThat(packet.source()).isEqualTo(IpAddress.parse("2001:db8::1"));
        assertThat(packet.sourcePort()).isEqualTo(80);
        assertThat(packet.destinationPort()).isEqualTo(50000);
        assertThat(packet.isReset()).isTrue();
        assertThat(TracedPacket.of(network, new byte[3]))
                .map(TracedPacket::sourcePort)
                .contains(0);
        assertThat(TracedPacket.of(new byte[39], reset)).isEmpty();
        assertThat(TracedPacket.of(new byte[0], reset)).isEmpty();
    }

    @Test
    void readsWhyADestinationIsUnreachable() {
        String addresses = "20010db8000000000000000000000001" + "20010db8000000000000000000000002";
        byte[] six = HexFormat.of().parseHex("6000000000303a40" + addresses);
        byte[] four = HexFormat.of().parseHex("450000380000000040010000" + "c6336401" + "0a4d0002");
        byte[] prohibited = HexFormat.of().parseHex("030d0000" + "00000000");
        byte[] noPort = HexFormat.of().parseHex("01040000" + "00000000");
        assertThat(TracedPacket.of(four, prohibited).orElseThrow().unreachable())
                .hasValue(13);
        assertThat(TracedPacket.of(four, noPort).orElseThrow().unreachable())
                .as("type 1 of IPv4")
                .isEmpty();
        assertThat(TracedPacket.of(six, noPort).orElseThrow().unreachable()).hasValue(4);
        assertThat(TracedPacket.of(six, prohibited).orElseThrow().unreachable())
                .as("type 3 of IPv6: time exceeded")
                .isEmpty();
        assertThat(TracedPacket.of(four, new byte[] {3}).orElseThrow().unreachable())
                .isEmpty();
    }

    private static TraceEvent decode(String file) {
        return TraceEvent.decode(NetlinkMessage.decodeAll(GoldenBytes.read(TraceEventTest.class, file))
                        .get(0))
                .orElseThrow();
    }
}
