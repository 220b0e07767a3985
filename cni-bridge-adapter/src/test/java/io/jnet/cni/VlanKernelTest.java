package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** VLANs of containers: kept by a kernel that has them, refused by one that has not. {@code testbed/debian-kernel} has one of the first kind. */
@KernelTest
class VlanKernelTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String WEB =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "bridge": "br0",
             "ipam": {"type": "jnet", "subnet": "10.88.0.0/24"}%s}
            """;
    private static final String GATED = ", \"isGateway\": true";
    private static final String FIVE = GATED + ", \"vlan\": 5";
    private static final String ADOPTED = ", \"vlan\": 5, \"adoptBridge\": true";
    private static final String GATEWAY = "10.88.0.1";
    private static final String SECOND = "10.88.0.3";

    @TempDir
    private Path directory;

    private PluginHost jnet;
    private final Map<String, JsonNode> results = new HashMap<>();
    private final Map<String, FreshNamespace> others = new HashMap<>();
    private final List<NetworkNamespace> handles = new ArrayList<>();

    @BeforeEach
    void open() {
        jnet = new PluginHost(directory);
    }

    @AfterEach
    void close() {
        jnet.close();
        handles.forEach(NetworkNamespace::close);
        others.values().forEach(FreshNamespace::close);
    }

    @Test
    void containersOfAVlanReachEachOtherAndTheGateway() {
        assumeTrue(hasVlans());
        String before = links();
        result("ADD", "c1", FIVE);
        result("ADD", "c2", FIVE);
        assertThat(vlans("br0")).as("the bridge itself").isEqualTo("5 PVID Egress Untagged");
        assertThat(vlans(port("c1"))).isEqualTo("5 PVID Egress Untagged");
        assertThat(reaches("c1", GATEWAY)).isTrue();
        assertThat(reaches("c1", SECOND)).isTrue();
        // The other way round, so that it is the VLAN which made the difference.
        Commands.run("bridge", "vlan", "add", "dev", port("c2"), "vid", "6", "pvid", "untagged");
        Commands.run("bridge", "vlan", "del", "dev", port("c2"), "vid", "5");
        assertThat(reaches("c1", SECOND)).isFalse();
        assertThat(reaches("c2", GATEWAY)).isFalse();
        assertThat(error("CHECK", "c2", FIVE, 103)).contains("vlan 5");
        succeeded("CHECK", "c1", FIVE);
        succeeded("DEL", "c1", FIVE);
        succeeded("DEL", "c2", FIVE);
        removeNetworks();
        assertThat(links()).isEqualTo(before);
    }

    @Test
    void aPortOfAnotherVlanOnAnAdoptedBridgeHearsNothing() {
        assumeTrue(hasVlans());
        Commands.run("ip", "link", "add", "br0", "type", "bridge", "vlan_filtering", "1");
        Commands.run("ip", "link", "set", "br0", "up");
        FreshNamespace machine = machine("m6", 6, "10.88.0.66");
        FreshNamespace neighbour = machine("m5", 5, "10.88.0.55");
        try {
            String before = links();
            result("ADD", "c1", ADOPTED);
            assertThat(reaches("c1", "10.88.0.55")).isTrue();
            int ofSix = received(machine);
            int ofFive = received(neighbour);
            assertThat(reaches("c1", "10.88.0.66")).isFalse();
            assertThat(received(machine)).as("frames in VLAN 6").isEqualTo(ofSix);
            assertThat(received(neighbour)).as("frames in VLAN 5").isGreaterThan(ofFive);
            Commands.run("bridge", "vlan", "add", "dev", "m6", "vid", "5", "pvid", "untagged");
            assertThat(reaches("c1", "10.88.0.66")).as("in the same VLAN").isTrue();
            Commands.run("bridge", "vlan", "del", "dev", "m6", "vid", "5");
            Commands.run("bridge", "vlan", "add", "dev", "m6", "vid", "6", "pvid", "untagged");
            succeeded("DEL", "c1", ADOPTED);
            removeNetworks();
            assertThat(links()).as("the bridge's own").isEqualTo(before);
        } finally {
            Commands.run("ip", "link", "delete", "m5");
            Commands.run("ip", "link", "delete", "m6");
            Commands.run("ip", "link", "delete", "br0");
        }
    }

    @Test
    void anAdoptedBridgeMustBeReady() {
        assumeTrue(hasVlans());
        String gated = GATED + ADOPTED;
        Commands.run("ip", "link", "add", "br0", "type", "bridge");
        try {
            assertThat(error("ADD", "c1", gated, 100)).contains("br0", "vlan 5", "vlan_filtering 1");
            Commands.run("ip", "link", "set", "br0", "type", "bridge", "vlan_filtering", "1");
            assertThat(error("ADD", "c1", gated, 100)).contains("vid 5 pvid untagged self");
            assertThat(jnet.engine.networks()).isEmpty();
            Commands.run("bridge", "vlan", "add", "dev", "br0", "vid", "5", "pvid", "untagged", "self");
            result("ADD", "c1", gated);
            assertThat(reaches("c1", GATEWAY)).isTrue();
            succeeded("CHECK", "c1", gated);
        } finally {
            removeNetworks();
            Commands.run("ip", "link", "delete", "br0");
        }
    }

    @Test
    void containersFollowAnAdoptedBridgeThatIsMadeAgain() {
        assumeTrue(hasVlans());
        Commands.run("ip", "link", "add", "br0", "type", "bridge", "vlan_filtering", "1");
        try {
            result("ADD", "c1", ADOPTED);
            result("ADD", "c2", ADOPTED);
            Commands.run("ip", "link", "delete", "br0");
            Commands.run("ip", "link", "add", "br0", "type", "bridge", "vlan_filtering", "1");
            jnet.restart();
            assertThat(vlans(port("c1"))).isEqualTo("5 PVID Egress Untagged");
            assertThat(reaches("c1", SECOND)).isTrue();
        } finally {
            removeNetworks();
            Commands.run("ip", "link", "delete", "br0");
        }
    }

    @Test
    void framesOfATrunkHaveTheirTag() {
        assumeTrue(hasVlans());
        String trunk = FIVE + ", \"vlanTrunk\": [{\"id\": 7}, {\"minID\": 10, \"maxID\": 12}]";
        result("ADD", "c1", trunk);
        result("ADD", "c2", trunk);
        assertThat(vlans(port("c1"))).isEqualTo("5 PVID Egress Untagged 7 10 11 12");
        tagged("c1", 11, "10.11.0.1/24");
        tagged("c2", 11, "10.11.0.2/24");
        assertThat(reaches("c1", "10.11.0.2")).isTrue();
        tagged("c1", 13, "10.13.0.1/24");
        tagged("c2", 13, "10.13.0.2/24");
        assertThat(reaches("c1", "10.13.0.2"))
                .as("a VLAN that is not in the trunk")
                .isFalse();
        assertThat(reaches("c1", GATEWAY)).as("without a tag").isTrue();
    }

    @Test
    void aTrunkAloneHasTheFirstVlanForTheRest() {
        assumeTrue(hasVlans());
        result("ADD", "c1", GATED + ", \"vlanTrunk\": [{\"id\": 7}]");
        assertThat(vlans(port("c1"))).isEqualTo("1 PVID Egress Untagged 7");
        assertThat(reaches("c1", GATEWAY)).isTrue();
    }

    @Test
    void theDefaultVlanIsKeptWhereItIsAskedFor() {
        assumeTrue(hasVlans());
        result("ADD", "c1", FIVE + ", \"preserveDefaultVlan\": true");
        assertThat(vlans(port("c1"))).isEqualTo("1 Egress Untagged 5 PVID Egress Untagged");
        succeeded("CHECK", "c1", FIVE + ", \"preserveDefaultVlan\": true");
    }

    @Test
    void aRestartPutsBackWhatSomebodyHasTaken() {
        assumeTrue(hasVlans());
        result("ADD", "c1", FIVE);
        Commands.run("bridge", "vlan", "del", "dev", port("c1"), "vid", "5");
        Commands.run("bridge", "vlan", "del", "dev", "br0", "vid", "5", "self");
        Commands.run("ip", "link", "set", "br0", "type", "bridge", "vlan_filtering", "0");
        assertThat(error("CHECK", "c1", FIVE, 103)).contains("VLANs");
        jnet.restart();
        assertThat(vlans(port("c1"))).isEqualTo("5 PVID Egress Untagged");
        assertThat(vlans("br0")).isEqualTo("5 PVID Egress Untagged");
        assertThat(Commands.run("ip", "-d", "link", "show", "br0")).contains("vlan_filtering 1");
        succeeded("CHECK", "c1", FIVE);
        assertThat(reaches("c1", GATEWAY)).isTrue();
    }

    @Test
    void anotherVlanThanTheNetworksIsRefused() {
        assumeTrue(hasVlans());
        result("ADD", "c1", FIVE);
        result("ADD", "c2", "");
        assertThat(vlans(port("c2"))).isEqualTo("5 PVID Egress Untagged");
        assertThat(error("ADD", "c3", ", \"vlan\": 6", 7)).contains("vlan 6 contradicts", "has vlan 5");
    }

    @Test
    void aKernelWithoutVlansRefusesThem() {
        assumeFalse(hasVlans());
        String before = links();
        assertThat(error("ADD", "c1", FIVE, 2)).contains("vlan 5", "br0", "CONFIG_BRIDGE_VLAN_FILTERING");
        assertThat(error("ADD", "c1", ", \"vlanTrunk\": [{\"minID\": 10, \"maxID\": 12}]", 2))
                .contains("vlanTrunk 10-12", "CONFIG_BRIDGE_VLAN_FILTERING");
        Commands.run("ip", "link", "add", "br0", "type", "bridge");
        try {
            assertThat(error("ADD", "c1", ADOPTED, 2)).contains("vlan 5", "CONFIG_BRIDGE_VLAN_FILTERING");
        } finally {
            Commands.run("ip", "link", "delete", "br0");
        }
        assertThat(jnet.engine.networks()).isEmpty();
        assertThat(links()).isEqualTo(before);
        assertThat(inside("c1", "ip", "-brief", "link")).doesNotContain("eth0");
    }

    /** Only such a kernel tells which VLAN new ports are in. */
    private static boolean hasVlans() {
        Commands.run("ip", "link", "add", "probe0", "type", "bridge");
        try {
            return Commands.run("ip", "-d", "link", "show", "probe0").contains("vlan_default_pvid");
        } finally {
            Commands.run("ip", "link", "delete", "probe0");
        }
    }

    /** A machine on the bridge that hears one VLAN. */
    private FreshNamespace machine(String name, int vlan, String address) {
        FreshNamespace machine = FreshNamespace.create();
        others.put(name, machine);
        String namespace =
                machine.call(() -> "/proc/" + Files.readSymbolicLink(Path.of("/proc/thread-self")) + "/ns/net");
        Commands.run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        // What the port itself says of IPv6 goes to the machine without passing the bridge.
        Commands.run("sysctl", "-q", "-w", "net.ipv6.conf." + name + ".disable_ipv6=1");
        Commands.run("ip", "link", "set", name, "master", "br0", "up");
        Commands.run("bridge", "vlan", "del", "dev", name, "vid", "1");
        Commands.run("bridge", "vlan", "add", "dev", name, "vid", Integer.toString(vlan), "pvid", "untagged");
        machine.call(() -> {
            Commands.run("sysctl", "-q", "-w", "net.ipv6.conf.eth0.disable_ipv6=1");
            Commands.run("ip", "address", "add", address + "/24", "dev", "eth0");
            return Commands.run("ip", "link", "set", "eth0", "up");
        });
        return machine;
    }

    private static int received(FreshNamespace machine) {
        String counters = machine.call(() -> Commands.run("cat", "/proc/net/dev"));
        return Integer.parseInt(counters.replaceFirst("(?s).*eth0: *[0-9]+ +([0-9]+) .*", "$1"));
    }

    private void tagged(String container, int vlan, String address) {
        String link = "eth0." + vlan;
        String id = Integer.toString(vlan);
        inside(container, "ip", "link", "add", "link", "eth0", "name", link, "type", "vlan", "id", id);
        inside(container, "ip", "address", "add", address, "dev", link);
        inside(container, "ip", "link", "set", link, "up");
    }

    /** Asks anew for the MAC address: the kernel may be about to give up asking since the time before. */
    private boolean reaches(String container, String address) {
        String command = "ip neighbour flush all; ping -c 1 -W 2 " + address + " || true";
        return inside(container, "sh", "-c", command).contains("1 received");
    }

    private String inside(String container, String... command) {
        return namespace(container).call(() -> Commands.run(command));
    }

    private FreshNamespace namespace(String container) {
        return container.equals("c1")
                ? jnet.inside
                : others.computeIfAbsent(container, name -> FreshNamespace.create());
    }

    private NetworkNamespace handle(String container) {
        NetworkNamespace handle = namespace(container).call(NetworkNamespace::current);
        handles.add(handle);
        return handle;
    }

    private String port(String container) {
        return jnet.engine.endpoints().stream()
                .filter(endpoint -> endpoint.spec().container().equals(Optional.of(container)))
                .findFirst()
                .orElseThrow()
                .hostLink()
                .value();
    }

    /** {@code 1 Egress Untagged 5 PVID Egress Untagged}. */
    private static String vlans(String link) {
        return Commands.run("bridge", "vlan", "show", "dev", link)
                .replaceFirst("(?s)^port.*?\n", "")
                .replaceFirst("^" + link, "")
                .strip()
                .replaceAll("\\s+", " ");
    }

    private static String links() {
        return Commands.run("ip", "-brief", "link") + Commands.run("bridge", "vlan", "show");
    }

    private void removeNetworks() {
        jnet.engine.networks().forEach(network -> jnet.engine.deleteNetwork(network.id()));
    }

    private void result(String command, String container, String keys) {
        results.put(container, JSON.readTree(succeeded(command, container, keys).output()));
    }

    private CniAnswer succeeded(String command, String container, String keys) {
        CniAnswer answer = call(command, container, keys);
        assertThat(answer.status()).as(new String(answer.output(), UTF_8)).isZero();
        return answer;
    }

    private String error(String command, String container, String keys, int code) {
        JsonNode error = JSON.readTree(call(command, container, keys).output());
        assertThat(error.path("code").asInt()).as(error.toString()).isEqualTo(code);
        return error.path("msg").asString();
    }

    private CniAnswer call(String command, String container, String keys) {
        Map<String, String> environment = Map.of(
                "CNI_COMMAND",
                command,
                "CNI_CONTAINERID",
                container,
                "CNI_NETNS",
                "/run/netns/" + container,
                "CNI_IFNAME",
                "eth0");
        String previous = command.equals("CHECK") ? ", \"prevResult\": " + results.get(container) : "";
        return jnet.plugin.answer(new CniRequest(
                environment, WEB.formatted(keys + previous).getBytes(UTF_8), Optional.of(handle(container))));
    }
}
