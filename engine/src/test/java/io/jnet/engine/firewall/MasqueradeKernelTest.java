package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.port.PortRange;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real packets on their way out. */
@KernelTest
class MasqueradeKernelTest {
    private static final int SOURCE_PORT = 40000;

    @ParameterizedTest
    @CsvSource({"198.51.100.9, 198.51.100.1, 10.77.0.2", "2001:db8::9, 2001:db8::1, fd00:77::2"})
    void containersLeaveWithTheHostsAddress(String server, String host, String container) {
        try (PacketLab lab = PacketLab.create(1)) {
            assertThat(lab.a1.askTcp(server, PacketLab.TCP))
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(host + ":"));

            lab.host.run("nft flush chain inet jnet nat_postrouting");
            assertThat(lab.a1.askTcp(server, PacketLab.TCP))
                    .as("the outside has a route, so an untranslated packet is answered as well")
                    .hasValueSatisfying(seen -> assertThat(seen).startsWith(container + ":"));
        }
    }

    @Test
    void containersThatUseTheSamePortAreToldApart() {
        try (PacketLab lab = PacketLab.create(1)) {
            List<String> udp = List.of(
                    lab.a1
                            .askUdp("", SOURCE_PORT, "198.51.100.9", PacketLab.UDP, Peer.ANSWER_MILLIS)
                            .orElseThrow(),
                    lab.a2
                            .askUdp("", SOURCE_PORT, "198.51.100.9", PacketLab.UDP, Peer.ANSWER_MILLIS)
                            .orElseThrow());
            List<String> tcp = List.of(
                    lab.a1
                            .askTcp(SOURCE_PORT, "198.51.100.9", PacketLab.TCP, Peer.ANSWER_MILLIS)
                            .orElseThrow(),
                    lab.b1
                            .askTcp(SOURCE_PORT, "198.51.100.9", PacketLab.TCP, Peer.ANSWER_MILLIS)
                            .orElseThrow());

            assertThat(udp).doesNotHaveDuplicates().allMatch(seen -> seen.startsWith("198.51.100.1:"));
            assertThat(tcp).doesNotHaveDuplicates().allMatch(seen -> seen.startsWith("198.51.100.1:"));
            assertThat(udp.get(0)).as("a free port is kept").endsWith(":" + SOURCE_PORT);
        }
    }

    @Test
    void loopbackAndHairpinNeedMasquerade() {
        // With bridge-nf-call-iptables the answer to a hairpin would be seen on the bridge, and translated there.
        try (PacketLab lab = PacketLab.create(0)) {
            lab.publish("0.0.0.0", PortRange.of(8080), "10.77.0.2", PacketLab.TCP);

            assertThat(lab.host.askTcp("127.0.0.1", 8080)).isPresent();
            assertThat(lab.a2.askTcp("198.51.100.1", 8080)).isPresent();
            lab.host.run("nft flush chain inet jnet nat_into_network");
            assertThat(lab.host.askTcp(0, "127.0.0.1", 8080, 250)).isEmpty();
            assertThat(lab.a2.askTcp(0, "198.51.100.1", 8080, 250)).isEmpty();
        }
    }

    @Test
    void noPacketIsLostWhileTheTableIsReplaced() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.publish("0.0.0.0", PortRange.of(5353), "10.77.0.2", PacketLab.UDP);
            AtomicInteger installs = new AtomicInteger();
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> {
                int answers = 0;
                // Each datagram has a port of its own, and so is a new connection for the maps.
                while (installs.get() < 50 || answers < 100) {
                    assertThat(lab.outside.askUdp("198.51.100.1", 5353))
                            .as("answer %s", answers)
                            .isPresent();
                    assertThat(lab.a1.askUdp("198.51.100.9", PacketLab.UDP)).isPresent();
                    answers++;
                }
            });
            while (!asking.isDone()) {
                lab.install();
                installs.incrementAndGet();
            }
            asking.join();
            assertThat(installs.get()).isGreaterThanOrEqualTo(50);
        }
    }

    @Test
    void translatedConnectionsOutliveAFlushOfTheRuleset() throws Exception {
        try (PacketLab lab = PacketLab.create(0)) {
            lab.a1.answerTcpWithEcho(7);
            lab.publish("0.0.0.0", PortRange.of(7), "10.77.0.2", 7);
            try (Socket connection = lab.outside.connect("198.51.100.1", 7)) {
                assertThat(echo(connection, 1)).isEqualTo(1);

                lab.host.run("nft flush ruleset");
                assertThat(lab.host.run("nft list tables")).isEqualTo("table inet jnet_keep\n");
                assertThat(echo(connection, 2)).isEqualTo(2);

                lab.install();
                assertThat(echo(connection, 3)).isEqualTo(3);
            }
            lab.firewall.uninstall();
            assertThat(lab.host.run("nft list tables")).isEmpty();
        }
    }

    private static int echo(Socket connection, int value) throws IOException {
        connection.getOutputStream().write(value);
        return connection.getInputStream().read();
    }
}
