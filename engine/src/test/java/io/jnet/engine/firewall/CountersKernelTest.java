package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.host.ProcHostSettings;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.traffic.KernelCounters;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the kernel has counted, beside what was sent. */
@KernelTest
class CountersKernelTest {
    private static final Publication WEB = tcp("0.0.0.0", PortRange.of(8080), "10.77.0.2", PacketLab.TCP);
    private static final Publication RUN = tcp("0.0.0.0", new PortRange(20000, 20009), "10.77.0.2", 20000);
    private static final Publication LOCAL = tcp("127.0.0.1", PortRange.of(8081), "10.77.0.2", PacketLab.TCP);
    private static final Publication ONE_RUN = tcp("198.51.100.1", new PortRange(21000, 21001), "10.77.0.2", 21000);

    @Test
    void connectionsAreCountedByTheirPortWhateverWayTheyCome() {
        try (PacketLab lab = labWithPorts();
                KernelCounters counters = counters(lab)) {
            assertThat(counters.connections()).containsEntry(WEB, 0L).containsEntry(ONE_RUN, 0L);

            ask(lab.outside, "198.51.100.1", WEB.hostPorts().first(), 3);
            ask(lab.outside, "198.51.100.1", 20003, 2);
            ask(lab.host, "127.0.0.1", LOCAL.hostPorts().first(), 1);
            ask(lab.outside, "198.51.100.1", 21001, 1);
            // A neighbour, by the published port; and itself, without one.
            ask(lab.b1, "198.51.100.1", WEB.hostPorts().first(), 1);

            assertThat(counters.connections())
                    .containsEntry(WEB, 4L)
                    .containsEntry(RUN, 2L)
                    .containsEntry(LOCAL, 1L)
                    .containsEntry(ONE_RUN, 1L);
            lab.firewall.unpublish(List.of(RUN));
            assertThat(counters.connections()).doesNotContainKey(RUN).containsEntry(WEB, 4L);
        }
    }

    @Test
    void withoutARulesetThereIsNothingToCount() {
        try (PacketLab lab = PacketLab.create(0);
                KernelCounters counters = counters(lab)) {
            lab.firewall.uninstall();

            assertThat(counters.connections()).isEmpty();
        }
    }

    @Test
    void aBridgeCountsWhatTheHostForwards() {
        try (PacketLab lab = labWithPorts();
                KernelCounters counters = counters(lab)) {
            InterfaceName bridge = new InterfaceName("jbr-a");
            LinkStatistics before = counters.bridges().get(bridge);
            ask(lab.outside, "198.51.100.1", WEB.hostPorts().first(), 1);
            LinkStatistics after = counters.bridges().get(bridge);

            assertThat(counters.bridges()).containsKey(new InterfaceName("jbr-b"));
            // A TCP connection: at least SYN, ACK and FIN one way, SYN and FIN the other.
            assertThat(after.sentPackets() - before.sentPackets()).isGreaterThanOrEqualTo(3);
            assertThat(after.receivedPackets() - before.receivedPackets()).isGreaterThanOrEqualTo(2);
            assertThat(after.sentBytes() - before.sentBytes()).isGreaterThan(3 * 54);
            assertThat(after.receivedBytes() - before.receivedBytes()).isGreaterThan(2 * 54);
        }
    }

    @Test
    void bytesOfOpenConnectionsAreToldWhereTheKernelCountsThem() {
        try (PacketLab lab = labWithPorts();
                KernelCounters counters = counters(lab)) {
            List<Publication> ports = List.of(WEB, RUN, LOCAL, ONE_RUN);
            lab.host.run("sysctl -q -w net.netfilter.nf_conntrack_acct=0");
            assertThat(openBytes(lab, counters, ports)).isEmpty();

            lab.host.run("sysctl -q -w net.netfilter.nf_conntrack_acct=1");
            // Closed ones stay in the table for a while.
            ask(lab.outside, "198.51.100.1", WEB.hostPorts().first(), 1);
            ask(lab.outside, "198.51.100.1", 20003, 1);

            Map<Publication, Long> bytes = openBytes(lab, counters, ports).orElseThrow();
            assertThat(bytes).containsOnlyKeys(WEB, RUN);
            assertThat(bytes.get(WEB)).isGreaterThan(5 * 40);
        }
    }

    private static PacketLab labWithPorts() {
        PacketLab lab = PacketLab.create(1);
        for (int port : List.of(20003, 21001)) {
            lab.a1.answerTcp(port);
        }
        lab.firewall.publish(List.of(WEB, RUN, LOCAL, ONE_RUN));
        return lab;
    }

    private static void ask(Peer client, String address, int port, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(client.askTcp(address, port)).isPresent();
        }
    }

    private static KernelCounters counters(PacketLab lab) {
        return lab.host.call(() -> KernelCounters.open(new ProcHostSettings(Path.of("/proc/sys"))));
    }

    private static Optional<Map<Publication, Long>> openBytes(
            PacketLab lab, KernelCounters counters, List<Publication> ports) {
        return lab.host.call(() -> counters.openBytes(ports));
    }

    private static Publication tcp(String host, PortRange ports, String container, int containerPort) {
        return new Publication(Protocol.TCP, IpAddress.parse(host), ports, IpAddress.parse(container), containerPort);
    }
}
