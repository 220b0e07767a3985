package io.jnet.firewalld;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.Passage;
import io.jnet.engine.port.PortRange;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ZonesTest {
    private static final Set<InterfaceName> INTERFACES = Set.of(new InterfaceName("eth0"), new InterfaceName("eth1"));
    private static final Set<InterfaceName> BRIDGES = Set.of(new InterfaceName("jbr-a"));
    private static final Zones ZONES = new Zones("public", Map.of("eth1", "internal", "jbr-a", "trusted"), Set.of());

    @Test
    void aPolicyIsFromZoneToZone() {
        assertThat(passages(policy("public", "trusted", "CONTINUE", "80 tcp"))).containsExactly("eth0 jbr-a TCP 80");
        assertThat(passages(policy("internal", "trusted", "CONTINUE", "80 tcp")))
                .containsExactly("eth1 jbr-a TCP 80");
        assertThat(passages(policy("ANY", "trusted", "CONTINUE", "80 udp")))
                .containsExactlyInAnyOrder("eth0 jbr-a UDP 80", "eth1 jbr-a UDP 80");
        assertThat(passages(policy("public", "ANY", "CONTINUE", "80 tcp"))).containsExactly("eth0 jbr-a TCP 80");
        assertThat(passages(policy("public", "dmz", "CONTINUE", "80 tcp"))).isEmpty();
        assertThat(passages(policy("public", "HOST", "ACCEPT")))
                .as("for the host itself")
                .isEmpty();
    }

    @Test
    void aTargetThatAcceptsLetsEverythingThrough() {
        assertThat(passages(policy("public", "trusted", "ACCEPT")))
                .containsExactlyInAnyOrder(
                        "eth0 jbr-a TCP 1-65535", "eth0 jbr-a UDP 1-65535", "eth0 jbr-a SCTP 1-65535");
        assertThat(passages(policy("public", "trusted", "CONTINUE"))).isEmpty();
        assertThat(passages(policy("public", "trusted", "DROP"))).isEmpty();
    }

    @Test
    void rangesThatMeetAreOne() {
        assertThat(passages(
                        policy("public", "trusted", "CONTINUE", "8000-8010 tcp", "80 tcp"),
                        policy("ANY", "ANY", "CONTINUE", "8005-8020 tcp", "81 tcp")))
                .contains("eth0 jbr-a TCP 80-81", "eth0 jbr-a TCP 8000-8020");
    }

    @Test
    void aZoneMayNameTheBeginningsOfNames() {
        Zones zones = new Zones("public", Map.of("jbr-+", "containers", "eth1", "internal", "eth+", "dmz"), Set.of());
        assertThat(zones.has(new InterfaceName("jbr-a"))).isTrue();
        assertThat(zones.has(new InterfaceName("jbr0"))).isFalse();
        assertThat(passages(zones, policy("dmz", "containers", "CONTINUE", "80 tcp")))
                .as("eth1 is named by two zones, one of which the policy is not about")
                .containsExactly("eth0 jbr-a TCP 80");
        assertThat(passages(zones, policy("ANY", "containers", "CONTINUE", "80 tcp")))
                .containsExactlyInAnyOrder("eth0 jbr-a TCP 80", "eth1 jbr-a TCP 80");
        assertThat(passages(zones, policy("public", "containers", "CONTINUE", "80 tcp")))
                .isEmpty();
    }

    /** Who is in a zone by his source is not in that of the interface: a policy must be about both. */
    @Test
    void aZoneOfSourcesCountsForEachInterface() {
        Zones zones = new Zones("public", Map.of("eth1", "internal", "jbr-a", "trusted"), Set.of("block"));
        assertThat(passages(zones, policy("public", "trusted", "CONTINUE", "80 tcp")))
                .isEmpty();
        assertThat(passages(zones, policy("ANY", "trusted", "CONTINUE", "80 tcp")))
                .containsExactlyInAnyOrder("eth0 jbr-a TCP 80", "eth1 jbr-a TCP 80");
    }

    /** jnet does not follow the order of policies and rules: who is refused somewhere might be let in by it. */
    @Test
    void whereAPolicyRefusesSomebodyNobodyIsLetIn() {
        Policy open = policy("ANY", "trusted", "CONTINUE", "80 tcp");
        assertThat(passages(open, policy("public", "trusted", "REJECT"))).containsExactly("eth1 jbr-a TCP 80");
        Policy rich = Policy.of(
                Set.of("internal"),
                Set.of("ANY"),
                "CONTINUE",
                List.of(),
                List.of(),
                List.of("rule family=\"ipv4\" source address=\"192.0.2.0/24\" drop"),
                service -> List.of());
        assertThat(passages(open, rich)).containsExactly("eth0 jbr-a TCP 80");
        assertThat(passages(open, policy("public", "HOST", "REJECT")))
                .as("for the host itself")
                .hasSize(2);
    }

    @Test
    void servicesStandForTheirPortsAndWhatIsNoPortIsPassedOver() {
        Policy policy = Policy.of(
                Set.of("public"),
                Set.of("trusted"),
                "CONTINUE",
                List.of(List.of("0", "tcp"), List.of("70000", "tcp"), List.of("5", "dccp"), List.of("x", "tcp")),
                List.of("http"),
                List.of(),
                service -> service.equals("http") ? List.of(List.of("80", "tcp")) : List.of());
        assertThat(passages(policy)).containsExactly("eth0 jbr-a TCP 80");
    }

    private static Policy policy(String ingress, String egress, String target, String... ports) {
        return Policy.of(
                Set.of(ingress),
                Set.of(egress),
                target,
                List.of(ports).stream().map(port -> List.of(port.split(" "))).toList(),
                List.of(),
                List.of(),
                service -> List.of());
    }

    private static Set<String> passages(Policy... policies) {
        return passages(ZONES, policies);
    }

    private static Set<String> passages(Zones zones, Policy... policies) {
        return zones.passages(List.of(policies), INTERFACES, BRIDGES).stream()
                .map(ZonesTest::text)
                .collect(Collectors.toSet());
    }

    private static String text(Passage passage) {
        PortRange ports = passage.ports();
        return passage.in() + " " + passage.bridge() + " " + passage.protocol() + " " + ports;
    }
}
