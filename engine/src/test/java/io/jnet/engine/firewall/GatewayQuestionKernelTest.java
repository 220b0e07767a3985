package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.testkit.Frame;
import io.jnet.netlink.testkit.KernelTest;
import org.junit.jupiter.api.Test;

/** A container's question for the gateway's MAC address is answered, and heard by no neighbour. */
@KernelTest
class GatewayQuestionKernelTest {
    private static final String ALL = "ff:ff:ff:ff:ff:ff";
    private static final String NOBODY = "00:00:00:00:00:00";
    private static final int QUIET_MILLIS = 250;

    @Test
    void aQuestionForTheGatewayIsNotCopiedToNeighbours() {
        try (PacketLab lab = PacketLab.create(1)) {
            String mac = lab.a1.mac();
            Frame question = Frame.between(mac, ALL).arp(1, mac, "10.77.0.2", NOBODY, "10.77.0.1");
            assertThat(lab.a2.hears(lab.a1, question, Peer.ANSWER_MILLIS))
                    .as("without the bridge's MAC address in the map")
                    .isTrue();
            lab.knowMac("a");
            assertThat(lab.a2.hears(lab.a1, question, QUIET_MILLIS)).isFalse();
            Frame other = Frame.between(mac, ALL).arp(1, mac, "10.77.0.2", NOBODY, "10.77.0.3");
            assertThat(lab.a2.hears(lab.a1, other, Peer.ANSWER_MILLIS))
                    .as("a question for the neighbour")
                    .isTrue();
        }
    }

    @Test
    void theGatewayAnswersOverBothFamilies() {
        try (PacketLab lab = PacketLab.create(0)) {
            lab.knowMac("a");
            for (String gateway : new String[] {"10.77.0.1", "fd00:77::1"}) {
                lab.a1.run("ip neighbour flush dev eth0");
                assertThat(lab.a1.askUdp(gateway, PacketLab.UDP)).as(gateway).isPresent();
            }
            String rules = lab.host.run("nft list chain bridge jnet to_gateway");
            assertThat(rules).contains("@gateway_macs4").contains("@gateway_macs6");
            String mac = lab.a1.mac();
            Frame question = Frame.between(mac, "33:33:ff:00:00:01")
                    .neighbourSolicitation("fd00:77::2", "ff02::1:ff00:1", "fd00:77::1");
            assertThat(lab.a2.hears(lab.a1, question, QUIET_MILLIS))
                    .as("the neighbour, of a question for the gateway")
                    .isFalse();
            Frame other = Frame.between(mac, "33:33:ff:00:00:03")
                    .neighbourSolicitation("fd00:77::2", "ff02::1:ff00:3", "fd00:77::3");
            assertThat(lab.a2.hears(lab.a1, other, Peer.ANSWER_MILLIS))
                    .as("the neighbour, of a question for itself")
                    .isTrue();
        }
    }
}
