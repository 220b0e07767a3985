package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.port.PortRange;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A host whose iptables FORWARD policy is DROP, as Docker and ufw set it; real packets. */
@KernelTest
class ForwardCoexistenceKernelTest {
    private static final int REFUSED_MILLIS = 250;
    private static final String RULES =
            """
            -A FORWARD -j JNET-FORWARD
            -A JNET-FORWARD -m mark --mark 0x1000/0x1000 -j ACCEPT
            """;

    @ParameterizedTest
    @CsvSource({"nft, 0", "nft, 1", "legacy, 0", "legacy, 1"})
    void whatTheTableAcceptsPassesAPolicyOfDrop(String variant, int bridgeCallsIptables) {
        try (PacketLab lab = PacketLab.create(bridgeCallsIptables);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            lab.publish("0.0.0.0", PortRange.of(8080), "10.77.0.2", PacketLab.TCP);
            lab.publish("::", PortRange.of(8080), "fd00:77::2", PacketLab.TCP);
            for (String family : List.of("iptables-", "ip6tables-")) {
                lab.host.run(family + variant + " -w -P FORWARD DROP");
            }
            List<Function<Integer, Optional<String>>> flows = List.of(
                    millis -> lab.a1.askTcp(0, "198.51.100.9", PacketLab.TCP, millis),
                    millis -> lab.a1.askTcp(0, "2001:db8::9", PacketLab.TCP, millis),
                    millis -> lab.outside.askTcp(0, "198.51.100.1", 8080, millis),
                    millis -> lab.outside.askTcp(0, "2001:db8::1", 8080, millis),
                    millis -> lab.b1.askTcp(0, "198.51.100.1", 8080, millis));
            flows.forEach(flow -> assertThat(flow.apply(REFUSED_MILLIS)).isEmpty());
            if (bridgeCallsIptables == 1) {
                assertThat(lab.a1.askTcp(0, "10.77.0.3", PacketLab.TCP, REFUSED_MILLIS))
                        .isEmpty();
            }

            admit(lab, coexistence);

            flows.forEach(flow -> assertThat(flow.apply(Peer.ANSWER_MILLIS)).isPresent());
            assertThat(lab.a1.askTcp("10.77.0.3", PacketLab.TCP)).isPresent();
            assertThat(lab.a1.askTcp("198.51.100.1", 8080)).isPresent();
            assertThat(lab.outside.askTcp(0, "10.77.0.2", PacketLab.TCP, REFUSED_MILLIS))
                    .isEmpty();
            assertThat(lab.d1.askTcp(0, "198.51.100.9", PacketLab.TCP, REFUSED_MILLIS))
                    .as("what is not jnet's is still dropped")
                    .isEmpty();

            withdraw(lab, coexistence);

            flows.forEach(flow -> assertThat(flow.apply(REFUSED_MILLIS)).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void theRulesComeOnceAndGoWithoutATrace(String variant) {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            lab.host.run("iptables-" + variant + " -w -A FORWARD -s 192.0.2.1 -j DROP");
            lab.host.run("ip6tables-" + variant + " -w -P FORWARD DROP");
            String before = save(lab, variant);

            admit(lab, coexistence);
            String admitted = save(lab, variant);
            admit(lab, coexistence);
            assertThat(save(lab, variant)).isEqualTo(admitted);
            assertThat(admitted).contains("-A FORWARD -s 192.0.2.1/32 -j DROP\n" + RULES);
            assertThat(admitted.split(RULES, -1)).as("rules in both families").hasSize(3);

            lab.host.run("iptables-" + variant + " -w -F JNET-FORWARD");
            lab.host.run("ip6tables-" + variant + " -w -F FORWARD");
            admit(lab, coexistence);
            assertThat(save(lab, variant)).isEqualTo(admitted);

            withdraw(lab, coexistence);
            withdraw(lab, coexistence);
            assertThat(save(lab, variant)).isEqualTo(before);
        }
    }

    @Test
    void dropsThatComeLaterComeFirstAllTheSame() {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            lab.host.run("iptables-nft -w -P FORWARD DROP");
            admit(lab, coexistence);

            lab.host.run("iptables-nft -w -A FORWARD -s 192.0.2.1 -j DROP");
            assertThat(lost(lab, coexistence)).containsExactly("iptables");
            assertThat(save(lab, "nft")).containsOnlyOnce("-A FORWARD -s 192.0.2.1/32 -j DROP\n" + RULES);
            assertThat(lost(lab, coexistence)).isEmpty();
        }
    }

    /** As cloud images and iptables-services have it, and ufw with {@code default reject routed}: a policy by another name. */
    @ParameterizedTest
    @CsvSource({
        "nft, -A FORWARD -j REJECT --reject-with icmp-host-prohibited",
        "nft, -A FORWARD -j DROP",
        "nft, -A FORWARD -j ufw-reject-forward",
        "legacy, -A FORWARD -j REJECT --reject-with icmp-host-prohibited",
        "legacy, -A FORWARD -j DROP",
        "legacy, -A FORWARD -j ufw-reject-forward"
    })
    void aLastRuleThatRefusesEverythingComesAfter(String variant, String last) {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            lab.publish("0.0.0.0", PortRange.of(8080), "10.77.0.2", PacketLab.TCP);
            String iptables = "iptables-" + variant + " -w ";
            lab.host.run(iptables + "-N ufw-reject-forward");
            lab.host.run(iptables + "-A ufw-reject-forward -j REJECT --reject-with icmp-port-unreachable");
            lab.host.run(iptables + "-A FORWARD -s 192.0.2.1 -j DROP");
            lab.host.run(iptables + last);
            if (last.contains("ufw")) {
                lab.host.run(iptables + "-N ufw-track-forward");
                lab.host.run(iptables + "-A FORWARD -j ufw-track-forward");
            }
            String before = save(lab, variant);
            assertThat(lab.outside.askTcp(0, "198.51.100.1", 8080, REFUSED_MILLIS))
                    .isEmpty();

            admit(lab, coexistence);
            assertThat(save(lab, variant))
                    .contains("-A FORWARD -s 192.0.2.1/32 -j DROP\n-A FORWARD -j JNET-FORWARD\n" + last);
            assertThat(lost(lab, coexistence)).isEmpty();
            assertThat(lab.outside.askTcp("198.51.100.1", 8080)).isPresent();
            assertThat(lab.a1.askTcp("198.51.100.9", PacketLab.TCP)).isPresent();
            assertThat(lab.d1.askTcp(0, "198.51.100.9", PacketLab.TCP, REFUSED_MILLIS))
                    .as("what is not jnet's is still refused")
                    .isEmpty();

            // One more comes before what refuses; jnet's goes behind it.
            lab.host.run(iptables + "-I FORWARD 3 -s 192.0.2.2 -j DROP");
            assertThat(lost(lab, coexistence)).hasSize(variant.equals("nft") ? 1 : 0);
            admit(lab, coexistence);
            assertThat(save(lab, variant))
                    .contains("-A FORWARD -s 192.0.2.2/32 -j DROP\n-A FORWARD -j JNET-FORWARD\n" + last);
            lab.host.run(iptables + "-D FORWARD -s 192.0.2.2 -j DROP");

            withdraw(lab, coexistence);
            assertThat(save(lab, variant)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void ufwRefusesWhatIsForwardedOverIpv6InAChainOfAnotherName(String variant) {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            String iptables = "ip6tables-" + variant + " -w ";
            lab.host.run(iptables + "-N ufw6-reject-forward");
            lab.host.run(iptables + "-N ufw6-track-forward");
            lab.host.run(iptables + "-A FORWARD -j ufw6-reject-forward");
            lab.host.run(iptables + "-A FORWARD -j ufw6-track-forward");
            admit(lab, coexistence);
            assertThat(save(lab, variant)).contains("-A FORWARD -j ufw6-track-forward\n-A FORWARD -j JNET-FORWARD\n");

            lab.host.run(iptables + "-A ufw6-reject-forward -j REJECT");
            admit(lab, coexistence);
            assertThat(save(lab, variant)).contains("-A FORWARD -j JNET-FORWARD\n-A FORWARD -j ufw6-reject-forward\n");
            assertThat(lost(lab, coexistence)).isEmpty();
        }
    }

    /** Somebody's block of everything, put before the others, is no policy. */
    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void aRefusalBeforeOtherRulesHolds(String variant) {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            lab.publish("0.0.0.0", PortRange.of(8080), "10.77.0.2", PacketLab.TCP);
            String iptables = "iptables-" + variant + " -w ";
            lab.host.run(iptables + "-N DOCKER-USER");
            lab.host.run(iptables + "-A FORWARD -j DOCKER-USER");
            lab.host.run(iptables + "-A FORWARD -s 192.0.2.1 -j DROP");
            admit(lab, coexistence);
            assertThat(lab.outside.askTcp("198.51.100.1", 8080)).isPresent();

            lab.host.run(iptables + "-A DOCKER-USER -j DROP");
            admit(lab, coexistence);
            assertThat(save(lab, variant)).contains("-A FORWARD -s 192.0.2.1/32 -j DROP\n-A FORWARD -j JNET-FORWARD\n");
            assertThat(lab.outside.askTcp(0, "198.51.100.1", 8080, REFUSED_MILLIS))
                    .isEmpty();
            lab.host.run(iptables + "-F DOCKER-USER");

            lab.host.run(iptables + "-I FORWARD -j REJECT");
            admit(lab, coexistence);
            assertThat(save(lab, variant)).contains("-A FORWARD -s 192.0.2.1/32 -j DROP\n-A FORWARD -j JNET-FORWARD\n");
            assertThat(lab.outside.askTcp(0, "198.51.100.1", 8080, REFUSED_MILLIS))
                    .isEmpty();
        }
    }

    /** As a ruleset that was saved with the jump leaves it when it is restored. */
    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void aSecondJumpIsNoDamage(String variant) {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            String iptables = "iptables-" + variant + " -w ";
            lab.host.run(iptables + "-A FORWARD -j REJECT");
            admit(lab, coexistence);
            lab.host.run(iptables + "-A FORWARD -j JNET-FORWARD");
            lab.host.run(iptables + "-I FORWARD -j JNET-FORWARD");
            lab.host.run(iptables + "-I FORWARD 3 -s 192.0.2.1 -j DROP");
            admit(lab, coexistence);
            assertThat(save(lab, variant))
                    .containsOnlyOnce("-j JNET-FORWARD\n")
                    .contains("-A FORWARD -s 192.0.2.1/32 -j DROP\n-A FORWARD -j JNET-FORWARD\n-A FORWARD -j REJECT");
            String settled = save(lab, variant);
            admit(lab, coexistence);
            assertThat(save(lab, variant)).isEqualTo(settled);
            assertThat(lost(lab, coexistence)).isEmpty();
            withdraw(lab, coexistence);
            assertThat(save(lab, variant)).doesNotContain("JNET");
        }
    }

    /** More than a pipe holds. */
    @Test
    void aLongLegacyChainIsRead() {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            String rules =
                    "for i in {1..2000}; do echo -A FORWARD -s 192.0.2.1 -m comment --comment number-$i -j DROP; done";
            lab.host.call(() -> Commands.run(
                    "bash", "-c", "(echo '*filter'; " + rules + "; echo COMMIT) | iptables-legacy-restore --noflush"));
            admit(lab, coexistence);
            assertThat(save(lab, "legacy")).contains("number-2000 -j DROP\n-A FORWARD -j JNET-FORWARD\n");
            withdraw(lab, coexistence);
            assertThat(save(lab, "legacy")).doesNotContain("JNET");
        }
    }

    @ParameterizedTest
    @CsvSource({"nft, iptables, false", "legacy, iptables-legacy, true"})
    void whoTookTheRulesAwayIsToldOfAndLegacyChainsAreLookedAtEveryFiveSeconds(
            String variant, String name, boolean unheard) {
        AtomicLong clock = new AtomicLong();
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence =
                        lab.host.call(() -> ForwardCoexistence.open(Iptables.FOLDERS, clock::get))) {
            assertThat(coexistence.isUnheard()).isFalse();
            lab.host.run("iptables-" + variant + " -w -P FORWARD DROP");
            assertThat(lost(lab, coexistence)).as("the first time").isEmpty();
            assertThat(coexistence.isUnheard()).isEqualTo(unheard);
            String admitted = save(lab, variant);

            lab.host.run("iptables-" + variant + " -w -F FORWARD");
            clock.addAndGet(ForwardCoexistence.PERIOD.toNanos() - 1);
            assertThat(lost(lab, coexistence)).isEqualTo(unheard ? List.of() : List.of(name));
            clock.addAndGet(1);
            assertThat(lost(lab, coexistence)).isEqualTo(unheard ? List.of(name) : List.of());

            assertThat(save(lab, variant)).isEqualTo(admitted);
            withdraw(lab, coexistence);
            assertThat(coexistence.isUnheard()).isFalse();
        }
    }

    private static List<String> lost(PacketLab lab, ForwardCoexistence coexistence) {
        return lab.host.call(() -> {
            List<String> lost = new ArrayList<>();
            coexistence.admit((chain, again) -> {
                lost.add(chain);
                again.run();
            });
            return lost;
        });
    }

    @Test
    void aHostWithoutIptablesStaysWithout() {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(ForwardCoexistence::open)) {
            String before = lab.host.run("nft -s list ruleset");
            admit(lab, coexistence);
            withdraw(lab, coexistence);

            assertThat(lab.host.run("nft -s list ruleset")).isEqualTo(before);
            assertThat(lab.host.call(() -> Files.readString(Path.of("/proc/thread-self/net/ip_tables_names"))))
                    .isEmpty();
        }
    }

    @Test
    void aMissingProgramIsNamed(@TempDir Path empty) {
        try (PacketLab lab = PacketLab.create(1);
                ForwardCoexistence coexistence = lab.host.call(() -> ForwardCoexistence.open(List.of(empty)))) {
            admit(lab, coexistence);
            lab.host.run("iptables-nft -w -P FORWARD DROP");

            assertThatThrownBy(() -> admit(lab, coexistence))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("the host has an iptables FORWARD chain (iptables (nf_tables)), but no "
                            + "iptables-nft-restore or iptables-restore of that kind in " + empty
                            + ": install the package iptables");
        }
    }

    @Test
    void theMarkIsOffBeforeThePacketLeaves() {
        try (PacketLab lab = PacketLab.create(1)) {
            lab.host.run(
                    "nft add table inet watch { chain during { type filter hook forward priority 0 ; "
                            + "meta mark 0x00001000 counter ; } ; chain after { type filter hook postrouting priority -300 ; "
                            + "ip saddr 10.77.0.2 meta mark 0x00000000 counter ; ip saddr 10.77.0.2 meta mark != 0 counter ; } ; }");

            assertThat(lab.a1.askTcp("198.51.100.9", PacketLab.TCP)).isPresent();

            assertThat(lab.host.run("nft list chain inet watch during")).doesNotContain("packets 0");
            assertThat(lab.host.run("nft list chain inet watch after"))
                    .containsPattern("mark 0x00000000 counter packets [1-9]")
                    .containsPattern("mark != 0x00000000 counter packets 0 ");
        }
    }

    private static void admit(PacketLab lab, ForwardCoexistence coexistence) {
        lab.host.call(() -> {
            coexistence.admit();
            return true;
        });
    }

    private static void withdraw(PacketLab lab, ForwardCoexistence coexistence) {
        lab.host.call(() -> {
            coexistence.withdraw();
            return true;
        });
    }

    private static String save(PacketLab lab, String variant) {
        String both = lab.host.run("iptables-" + variant + "-save") + lab.host.run("ip6tables-" + variant + "-save");
        return both.replaceAll("(?m)^#.*\n", "").replaceAll("\\[\\d+:\\d+\\]", "");
    }
}
