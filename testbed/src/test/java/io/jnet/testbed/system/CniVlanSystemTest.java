package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * VLANs of containers with {@code jnet-cni} and its daemon, on kernels that have them ({@code testbed/debian-kernel}), and the refusal on
 * others.
 */
@SystemTest
class CniVlanSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "bridge": "br5", "isGateway": true%s,
             "ipam": {"type": "jnet", "subnet": "10.88.0.0/24"}}
            """;
    private static final String FIVE = ", \"vlan\": 5, \"vlanTrunk\": [{\"minID\": 10, \"maxID\": 12}]";
    private static final String IN_FIVE = "5 PVID Egress Untagged 10 11 12";

    private final List<String> namespaces = new ArrayList<>();

    @AfterEach
    void removeNamespaces() {
        namespaces.forEach(name -> host().run("ip", "netns", "delete", name));
        LAB.jnet().run("network", "rm", "web");
    }

    @Test
    void containersOfAVlanOutliveTheDaemonAndLeaveNothing() {
        assumeTrue(hasVlans());
        namespace("c1");
        namespace("c2");
        String before = dump();
        JsonNode first = add("c1").result();
        add("c2").result();
        String port = first.at("/interfaces/1/name").asString();
        assertThat(vlans(port)).isEqualTo(IN_FIVE);
        assertThat(LAB.jnet().json("network", "ls").at("/0/vlans").asString()).isEqualTo("vlan 5, vlanTrunk 10-12");
        assertThat(reaches("10.88.0.1")).isTrue();
        assertThat(reaches("10.88.0.3")).isTrue();

        LAB.jnet().kill();
        assertThat(reaches("10.88.0.3")).as("without a daemon").isTrue();
        host().run("bridge", "vlan", "del", "dev", port, "vid", "5").orThrow();
        assertThat(reaches("10.88.0.3")).as("taken out of its VLAN").isFalse();
        LAB.jnet().startAgain();
        assertThat(vlans(port)).isEqualTo(IN_FIVE);
        assertThat(reaches("10.88.0.3")).isTrue();
        call("CHECK", "c1").withPrevious(first).run(host()).succeeded();
        host().run("bridge", "vlan", "del", "dev", port, "vid", "11").orThrow();
        assertThat(call("CHECK", "c1").withPrevious(first).run(host()).error(103))
                .contains(port, "vlanTrunk 10-12");

        call("DEL", "c1").run(host()).succeeded();
        call("DEL", "c2").run(host()).succeeded();
        LAB.jnet().run("network", "rm", "web").orThrow();
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void aKernelWithoutVlansRefusesThemAndKeepsNothing() {
        assumeFalse(hasVlans());
        namespace("c1");
        String before = dump();
        assertThat(add("c1").error(2))
                .contains("vlan 5, vlanTrunk 10-12", "br5", "CONFIG_BRIDGE_VLAN_FILTERING")
                .doesNotContain("\n");
        assertThat(LAB.jnet().json("network", "ls").size()).isZero();
        assertThat(dump()).isEqualTo(before);
    }

    /** Only such a kernel tells which VLAN new ports are in. */
    private static boolean hasVlans() {
        host().run("ip", "link", "add", "probe0", "type", "bridge").orThrow();
        String probe = host().run("ip", "-d", "link", "show", "probe0").text();
        host().run("ip", "link", "delete", "probe0").orThrow();
        return probe.contains("vlan_default_pvid");
    }

    private void namespace(String container) {
        host().run("ip", "netns", "add", container).orThrow();
        namespaces.add(container);
    }

    private static CniCall.Answer add(String container) {
        return call("ADD", container).run(host());
    }

    private static CniCall call(String command, String container) {
        return CniCall.of(command, container, CONFIGURATION.formatted(FIVE));
    }

    private static boolean reaches(String address) {
        // The kernel may be about to give up asking for the MAC address since the time before.
        host().run("ip", "-netns", "c1", "neighbour", "flush", "all");
        return host().run("ip", "netns", "exec", "c1", "ping", "-c", "1", "-W", "2", address)
                .succeeded();
    }

    /** {@code 5 PVID Egress Untagged 10 11 12}. */
    private static String vlans(String link) {
        return host().run("bridge", "vlan", "show", "dev", link)
                .orThrow()
                .text()
                .replaceFirst("(?s)^port.*?\n", "")
                .replaceFirst("^" + link, "")
                .strip()
                .replaceAll("\\s+", " ");
    }

    private static String dump() {
        return host().shell("ip -brief link; ip -brief address; ip route; bridge vlan show; nft list ruleset");
    }

    private static Machine host() {
        return LAB.host();
    }
}
