package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.port.PortRange;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.testkit.KernelTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where containers ask for names: at the gateways of their networks, past what others do with port 53. */
@KernelTest
class ResolverKernelTest {
    private static final int REFUSED_MILLIS = 250;
    private static final int ELSEWHERE = 10053;

    @Test
    void aPublishedPort53DoesNotTakeTheGateways() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.publish("0.0.0.0", PortRange.of(53), "10.77.0.3", PacketLab.UDP);
            lab.publish("::", PortRange.of(53), "fd00:77::3", PacketLab.UDP);
            for (String gateway : List.of("10.77.0.1", "fd00:77::1")) {
                assertThat(lab.a1.askUdp(gateway, 53)).as("without the rules").isPresent();
                assertThat(lab.a2.awaitSeen("", 0))
                        .as("the container was asked")
                        .isPresent();
                lab.a2.forgetSeen();
            }

            lab.host.answerUdp(ELSEWHERE);
            lab.resolve("a");
            lab.firewall.setMovedResolvers(List.of(moved("10.77.0.1"), moved("fd00:77::1")));

            for (String gateway : List.of("10.77.0.1", "fd00:77::1")) {
                // From a port of its own: the flow of before is translated on.
                assertThat(lab.a1.askUdp("", 20053, gateway, 53, Peer.ANSWER_MILLIS))
                        .isPresent();
                assertThat(lab.a2.awaitSeen("", 0))
                        .as("the container was asked")
                        .isEmpty();
            }
            assertThat(lab.outside.askUdp("198.51.100.1", 53)).isPresent();
            assertThat(lab.a2.awaitSeen("", 0))
                    .as("what is published stays so elsewhere")
                    .isPresent();
            lab.a2.forgetSeen();
            assertThat(lab.a1.askUdp("198.51.100.1", 53)).isPresent();
            assertThat(lab.a2.awaitSeen("", 0))
                    .as("at another address of the host")
                    .isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({"10.77.0.1, 10.78.0.1", "fd00:77::1, fd00:78::1"})
    void whatListensElsewhereIsAskedAtPort53(String gateway, String another) {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.host.answerUdp(ELSEWHERE);
            lab.host.answerTcp(ELSEWHERE);
            assertThat(lab.a1.askTcp(0, gateway, 53, REFUSED_MILLIS)).isEmpty();

            lab.resolve("a");
            lab.firewall.setMovedResolvers(List.of(moved(gateway)));

            assertThat(lab.a1.askTcp(gateway, 53))
                    .as("TCP, where only the other port is open")
                    .isPresent();
            assertThat(lab.a1.askUdp(gateway, 53)).isPresent();
            assertThat(lab.b1.askTcp(0, another, 53, REFUSED_MILLIS))
                    .as("another network's")
                    .isEmpty();
            assertThat(lab.b1.askTcp(0, gateway, 53, REFUSED_MILLIS))
                    .as("from another network")
                    .isEmpty();
            assertThat(lab.outside.askTcp(0, gateway, 53, REFUSED_MILLIS))
                    .as("from outside")
                    .isEmpty();

            lab.firewall.setMovedResolvers(List.of());
            assertThat(lab.a1.askTcp(0, gateway, 53, REFUSED_MILLIS)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void theHostsInputChainsLetQueriesInAndNothingElse(String variant) {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            lab.host.answerUdp(ELSEWHERE);
            lab.resolve("a");
            lab.firewall.setMovedResolvers(List.of(moved("10.77.0.1")));
            for (String family : List.of("iptables-", "ip6tables-")) {
                lab.host.run(family + variant + " -w -A INPUT -i jbr-+ -j REJECT");
                lab.host.run(family + variant + " -w -P INPUT DROP");
            }
            assertThat(lab.a1.askUdp("", 0, "10.77.0.1", 53, REFUSED_MILLIS)).isEmpty();
            String before = save(lab, variant);

            lab.load(
                    "table ip own { chain elsewhere { type nat hook prerouting priority -110; tcp dport 8888 redirect to :%d; }; }"
                            .formatted(PacketLab.TCP));

            admit(lab, coexistence);

            assertThat(lab.a1.askUdp("10.77.0.1", 53)).isPresent();
            assertThat(lab.a1.askTcp(0, "10.77.0.1", 8888, REFUSED_MILLIS))
                    .as("a port that the host redirects")
                    .isEmpty();
            // Without ICMPv6 there are no neighbours: those of before are still known.
            assertThat(lab.a1.askTcp(0, "10.77.0.1", PacketLab.TCP, REFUSED_MILLIS))
                    .as("another port of the host")
                    .isEmpty();
            assertThat(lab.b1.askUdp("", 0, "10.78.0.1", 53, REFUSED_MILLIS))
                    .as("a network on which nobody answers names")
                    .isEmpty();
            String admitted = save(lab, variant);
            admit(lab, coexistence);
            assertThat(save(lab, variant)).isEqualTo(admitted);

            lab.host.call(() -> {
                coexistence.withdraw();
                return "";
            });
            assertThat(save(lab, variant)).isEqualTo(before);
        }
    }

    @Test
    void theHostsOwnResolverDoesNotAnswerInThePlaceOfOneThatIsAway() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.resolve("a");
            assertThat(lab.host.lastSeen("10.77.0.2")).isEmpty();
            assertThat(lab.a1.askUdp("", 0, "10.77.0.1", 53, REFUSED_MILLIS)).isEmpty();
            assertThat(lab.a1.askUdp("", 0, "fd00:77::1", 53, REFUSED_MILLIS)).isEmpty();
            assertThat(lab.a1.askUdp("198.51.100.1", 53))
                    .as("at another address of the host")
                    .isPresent();
        }
    }

    @Test
    void aProcessThatAnswersNoNamesLeavesTheWayToOneThatDoes() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.host.answerTcp(ELSEWHERE);
            lab.resolve("a");
            lab.firewall.setMovedResolvers(List.of(moved("10.77.0.1")));
            lab.installWithoutNames();
            assertThat(lab.a1.askTcp("10.77.0.1", 53)).isPresent();
            lab.install();
            assertThat(lab.a1.askTcp(0, "10.77.0.1", 53, REFUSED_MILLIS)).isEmpty();
        }
    }

    @Test
    void anInputChainThatKeepsNothingOutIsLeftAsItIs() {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            lab.host.run("iptables-nft -w -P FORWARD DROP");
            admit(lab, coexistence);
            assertThat(save(lab, "nft")).contains("JNET-FORWARD").doesNotContain("JNET-INPUT");

            lab.host.run("iptables-nft -w -P INPUT DROP");
            admit(lab, coexistence);
            assertThat(save(lab, "nft")).contains("-A INPUT -j JNET-INPUT");
        }
    }

    private static MovedResolver moved(String gateway) {
        return new MovedResolver(new InterfaceName("jbr-a"), IpAddress.parse(gateway), ELSEWHERE);
    }

    private static void admit(PacketLab lab, ForwardCoexistence coexistence) {
        lab.host.call(() -> {
            coexistence.admit();
            return Optional.empty();
        });
    }

    private static String save(PacketLab lab, String variant) {
        return lab.host
                .run("iptables-" + variant + "-save -t filter")
                .replaceAll("#.*\\n", "")
                .replaceAll("\\[.*]", "");
    }
}
