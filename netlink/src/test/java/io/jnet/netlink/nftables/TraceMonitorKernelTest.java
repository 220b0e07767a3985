package io.jnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.testkit.KernelTest;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@KernelTest
class TraceMonitorKernelTest {
    private static final String TABLE =
            """
            table inet watched {
                flags owner;
                chain out { type filter hook output priority 0; policy accept; udp dport 9 meta nftrace set 1 jump inner; }
                chain inner { udp dport 10 accept; }
                chain in { type filter hook input priority 0; policy accept; udp dport 9 counter drop; }
            }
            """;

    @Test
    void followsAPacketFromRuleToRule() throws Exception {
        try (Nftables nftables = Nftables.open();
                TraceMonitor monitor = TraceMonitor.open();
                DatagramSocket socket = new DatagramSocket()) {
            nftables.run("make table", TABLE);
            socket.send(new DatagramPacket(
                    new byte[1], 1, IpAddress.parse("127.0.0.1").toInetAddress(), 9));

            List<TraceEvent> events = new ArrayList<>();
            while (events.stream().noneMatch(event -> event.verdict().isDrop())) {
                events.addAll(monitor.receive());
            }
            // The kernel counts a packet that comes by another link, lo here, as another one.
            assertThat(events.subList(0, events.size() - 1))
                    .extracting(TraceEvent::packet)
                    .containsOnly(events.get(0).packet());
            // Linux 6.18 reports the end of a chain as a rule without a handle, earlier ones as a return.
            assertThat(events.stream()
                            .filter(event -> event.kind() == TraceEvent.Kind.POLICY
                                    || event.rule().isPresent())
                            .map(event -> event.chain() + " " + event.kind() + " " + event.verdict()))
                    .containsExactly("out RULE jump inner", "out POLICY accept", "in RULE drop");
            TracedPacket content = events.get(0).content().orElseThrow();
            assertThat(content.destination()).isEqualTo(IpAddress.parse("127.0.0.1"));
            assertThat(content.sourcePort()).isEqualTo(socket.getLocalPort());
            assertThat(content.destinationPort()).isEqualTo(9);
            assertThat(events.get(0).rule()).isPresent();
            assertThat(events.get(0).in()).isEmpty();
            assertThat(events.get(0).out()).hasValue(1);
            assertThat(events.get(events.size() - 1).in()).hasValue(1);
            assertThat(nftables.query("list", "list table inet watched", OutputOption.HANDLE))
                    .contains("udp dport 9 meta nftrace set 1 jump inner # handle "
                            + events.get(0).rule().getAsLong());
        }
    }

    @Test
    void anOwnersTableGoesWithItsContext() {
        try (Nftables other = Nftables.open()) {
            try (Nftables owner = Nftables.open()) {
                owner.run("make table", TABLE);
                assertThat(other.query("list", "list tables")).contains("watched");
            }
            assertThat(other.query("list", "list tables")).doesNotContain("watched");
        }
    }
}
