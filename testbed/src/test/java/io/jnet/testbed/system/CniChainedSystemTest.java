package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.testbed.cni.CniContainer;
import io.jnet.testbed.cni.CniList;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lists in which a reference plugin makes the interface and jnet comes after it: for its ports and rates, on what that one's result names. */
@SystemTest
class CniChainedSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    private static final Duration AT_ONCE = Duration.ofSeconds(10);
    private static final String PLUGINS = "/run/cni/bin";
    private static final String REFERENCE = "/usr/lib/cni";
    private static final int PORT = 80;
    private static final int HOST_PORT = 8088;
    private static final String ROUTE_LOCALNET = "sysctl -n net.ipv4.conf.%s.route_localnet";

    private static final String ADDRESSES =
            """
            "ipam": {"type": "host-local", "dataDir": "/run/cni/leases", "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}],
              "ranges": [[{"subnet": "10.83.0.0/24"}], [{"subnet": "fd83::/64"}]]}
            """;
    private static final String BRIDGE =
            "{\"type\": \"bridge\", \"bridge\": \"cni83\", \"isGateway\": true, \"ipMasq\": true, \"hairpinMode\": true, "
                    + ADDRESSES + "}";
    private static final String PTP = "{\"type\": \"ptp\", \"ipMasq\": true, " + ADDRESSES + "}";
    private static final String MACVLAN = "{\"type\": \"macvlan\", \"master\": \"eth0\", " + ADDRESSES + "}";
    private static final String JNET =
            "{\"type\": \"jnet\", \"capabilities\": {\"portMappings\": true, \"bandwidth\": true, \"aliases\": true}}";
    private static final String TUNING =
            "{\"type\": \"tuning\", \"sysctl\": {\"net.ipv4.conf.eth0.arp_filter\": \"1\"}}";

    private final List<String> containers = new ArrayList<>();
    private final List<BackgroundProcess> servers = new ArrayList<>();
    private final List<Runnable> deletions = new ArrayList<>();

    @BeforeAll
    static void install() {
        LAB.jnet()
                .run("cni", "install", "--bin-dir", PLUGINS, "--conf-dir", "/run/cni/net.d", "--network", "unused")
                .orThrow();
        // As reference plugins leave a host.
        host().shell("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    }

    @AfterEach
    void nothingIsLeft() {
        servers.forEach(BackgroundProcess::kill);
        deletions.forEach(Runnable::run);
        containers.forEach(name -> host().run("ip", "netns", "delete", name).orThrow());
        Eventually.holds(
                "no endpoint is left", JnetDaemon.UNASKED, () -> endpoints().isEmpty());
        LAB.jnet().run("network", "rm", "behind");
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
        host().run("ip", "link", "delete", "cni83");
        host().shell("rm -rf /run/cni/leases");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.4.0", "1.0.0"})
    void publishesPortsOfAnotherPluginsBridge(String version) {
        CniList list = list(version, BRIDGE + "," + JNET);
        JsonNode made = add(list(version, BRIDGE), container("c0"));
        JsonNode result = add(list, published("c1"));
        assertThat(result.path("cniVersion").asString()).isEqualTo(version);
        assertThat(result.path("interfaces")).hasSameSizeAs(made.path("interfaces"));
        assertThat(result.path("ips")).hasSameSizeAs(made.path("ips"));
        assertThat(result.path("routes")).isEqualTo(made.path("routes"));
        list.check(published("c1"));
        serve("c1", Servers.tellPeer(PORT));

        assertThat(Probe.on(outside()).tcp(Lab.HOST_ADDRESS, HOST_PORT))
                .as("what the container saw of its client")
                .contains(Lab.OUTSIDE_ADDRESS);
        assertThat(Probe.on(host()).reaches("127.0.0.1", HOST_PORT)).isTrue();
        assertThat(Probe.on(host()).reaches("[::1]", HOST_PORT)).isTrue();
        assertThat(Probe.on(host()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
        assertThat(inside("c0", "socat -t20 -T20 - TCP:" + Lab.HOST_ADDRESS + ":" + HOST_PORT))
                .as("a neighbour comes by the host's address")
                .contains("10.83.0.1");
        assertThat(inside("c1", "socat -t20 -T20 - TCP:" + Lab.HOST_ADDRESS + ":" + HOST_PORT))
                .as("the container itself")
                .contains("10.83.0.1");
        assertThat(LAB.jnet().run("ports").orThrow().text()).contains("8088", "behind");
        assertThat(LAB.jnet().run("network", "ls").orThrow().text()).contains("behind");

        list.delete(published("c1"));
        assertThat(endpoints()).isEmpty();
        assertThat(Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isFalse();
        list.delete(published("c1").withoutNamespace());
        list.withoutResults().delete(published("c1"));
    }

    @Test
    void publishesOverIpv6() {
        add(list("1.0.0", BRIDGE + "," + JNET), published("c1"));
        serve("c1", Servers.tellPeer6(PORT));
        String address = "[" + Lab.HOST_ADDRESS_6 + "]";
        // The other plugin does not wait for duplicate address detection.
        Eventually.holds("it is reached", AT_ONCE, () -> Probe.on(outside()).reaches(address, HOST_PORT));
        assertThat(Probe.on(outside()).tcp(address, HOST_PORT)).contains("2001:0db8:0000:0000:0000:0000:0000:0001");
        add(list("1.0.0", BRIDGE), container("c0"));
        assertThat(inside("c0", "socat -t20 -T20 - TCP6:" + address + ":" + HOST_PORT))
                .contains("fd83:0000:0000:0000:0000:0000:0000:0001");
    }

    /** The other plugin leaves forwarding to whoever else there is. */
    @Test
    void isLetThroughWhereForwardDrops() {
        host().shell("iptables -P FORWARD DROP");
        try {
            add(list("1.0.0", BRIDGE + "," + JNET), published("c1"));
            serve("c1", Servers.tellPeer(PORT));
            assertThat(Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
            assertThat(inside("c1", "ping -c 1 -W 1 " + Lab.OUTSIDE_ADDRESS + " || true"))
                    .as("what is not jnet's stays dropped")
                    .contains("100% packet loss");
        } finally {
            host().shell("iptables -P FORWARD ACCEPT");
        }
    }

    @Test
    void putsTheHostsSettingBack() {
        add(list("1.0.0", BRIDGE), container("c0"));
        assertThat(host().shell(ROUTE_LOCALNET.formatted("cni83")).strip()).isEqualTo("0");
        CniList list = list("1.0.0", BRIDGE + "," + JNET);
        add(list, published("c1"));
        assertThat(host().shell(ROUTE_LOCALNET.formatted("cni83")).strip()).isEqualTo("1");
        assertThat(LAB.jnet().run("status").orThrow().text()).contains("net.ipv4.conf.cni83.route_localnet");
        LAB.jnet().kill();
        LAB.jnet().startAgain();
        list.delete(published("c1"));
        assertThat(host().shell(ROUTE_LOCALNET.formatted("cni83")).strip()).isEqualTo("0");
    }

    /** Loopback addresses stay the host's own, whatever its interfaces route. */
    @Test
    void nobodyElseReachesTheHostsLoopback() {
        add(list("1.0.0", BRIDGE + "," + JNET), published("c1"));
        add(list("1.0.0", BRIDGE), container("c0"));
        servers.add(host().start(
                        "bash",
                        "-c",
                        "socat -t 30 TCP-LISTEN:9099,bind=127.0.0.1,fork,reuseaddr SYSTEM:'echo secret'"));
        Eventually.holds("it listens", AT_ONCE, () -> Probe.on(host()).reaches("127.0.0.1", 9099));
        inside(
                "c0",
                "sh -c 'sysctl -qw net.ipv4.conf.eth0.route_localnet=1; ip route add 127.0.0.1 via 10.83.0.1 table 7;"
                        + " ip rule add pref 0 to 127.0.0.1 table 7; ip rule del pref 0 lookup local;"
                        + " ip rule add pref 1 lookup local'");
        String ask = "sh -c 'socat -t20 -T20 - TCP:127.0.0.1:9099,connect-timeout=2; true'";
        assertThat(FirewallRules.of(LAB).withoutDrops(() -> inside("c0", ask)))
                .as("without the rules")
                .contains("secret");
        assertThat(inside("c0", ask)).doesNotContain("secret");
    }

    @Test
    void worksBehindPtpAndInTheMiddle() {
        CniList list = list("1.0.0", PTP + "," + JNET + "," + TUNING);
        JsonNode result = add(list, published("c1"));
        assertThat(inside("c1", "sysctl -n net.ipv4.conf.eth0.arp_filter")).isEqualTo("1");
        list.check(published("c1"));
        serve("c1", Servers.tellPeer(PORT));
        assertThat(Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
        assertThat(Probe.on(host()).reaches("127.0.0.1", HOST_PORT)).isTrue();
        String link = result.at("/interfaces/0/name").asString();
        assertThat(host().shell(ROUTE_LOCALNET.formatted(link)).strip()).isEqualTo("1");
        list.delete(published("c1"));
        assertThat(endpoints()).isEmpty();
        assertThat(LAB.jnet().run("status").orThrow().text()).doesNotContain("route_localnet");
    }

    @Test
    void keepsRatesAndGivesTheLinkBack() {
        CniContainer slow = container("c1")
                .with(
                        "bandwidth",
                        Map.of(
                                "ingressRate",
                                8_000_000,
                                "ingressBurst",
                                800_000,
                                "egressRate",
                                4_000_000,
                                "egressBurst",
                                800_000));
        CniList list = list("1.0.0", BRIDGE + "," + JNET);
        JsonNode result = add(list, slow);
        String link = result.at("/interfaces/1/name").asString();
        assertThat(host().shell("tc qdisc show dev " + link)).contains("tbf", "rate 8Mbit", "ingress");
        list.check(slow);
        host().shell("tc qdisc delete dev " + link + " root");
        assertThat(list.failedCheck(slow).error(103)).contains(link, "8000000");
        // The other plugin is not asked to remove it.
        list("1.0.0", JNET).delete(slow);
        assertThat(host().shell("tc qdisc show dev " + link)).doesNotContain("tbf", "ingress");
        assertThat(host().shell("ip link show type ifb")).isEmpty();
        list.delete(slow);
    }

    @Test
    void twoProgramsDoNotKeepOneRate() {
        CniContainer slow =
                container("c1").with("bandwidth", Map.of("ingressRate", 8_000_000, "ingressBurst", 800_000));
        String bandwidth = "{\"type\": \"bandwidth\", \"capabilities\": {\"bandwidth\": true}}";
        CniList list = list("1.0.0", BRIDGE + "," + bandwidth + "," + JNET);
        assertThatThrownBy(() -> add(list, slow)).hasMessageContaining("has a tbf queue already");
        assertThat(endpoints()).isEmpty();
        list.delete(slow);
    }

    @Test
    void withoutPortsOrRatesNothingIsLeftBehind() {
        CniList list = list("1.0.0", BRIDGE + "," + JNET);
        JsonNode result = add(list, container("c1"));
        assertThat(result.at("/ips/0/address").asString()).startsWith("10.83.0.");
        list.check(container("c1"));
        assertThat(endpoints()).isEmpty();
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
        list.delete(container("c1"));
    }

    @Test
    void whatAContainerHeldIsFreeWhenItEnds() {
        CniList list = list("1.0.0", BRIDGE + "," + JNET);
        add(list, published("c1"));
        assertThatThrownBy(() -> add(list, published("c2"))).hasMessageContaining("8088");
        host().run("ip", "netns", "delete", "c1").orThrow();
        containers.remove("c1");
        Eventually.holds(
                "the port is free", JnetDaemon.UNASKED, () -> endpoints().isEmpty());
        assertThat(host().shell(ROUTE_LOCALNET.formatted("cni83")).strip()).isEqualTo("0");
        add(list, published("c3"));
        serve("c3", Servers.tellPeer(PORT));
        assertThat(Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
    }

    @Test
    void survivesTheDaemonAndAFlushedRuleset() {
        add(list("1.0.0", BRIDGE + "," + JNET), published("c1"));
        serve("c1", Servers.tellPeer(PORT));
        LAB.jnet().kill();
        assertThat(Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
        host().shell("nft delete table inet jnet");
        LAB.jnet().startAgain();
        assertThat(Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
        assertThat(Probe.on(host()).reaches("127.0.0.1", HOST_PORT)).isTrue();
        host().shell("nft delete table inet jnet");
        Eventually.holds(
                "the rules are back", AT_ONCE, () -> Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT));
    }

    @Test
    void worksWithoutADaemon() {
        CniList list = list("1.0.0", BRIDGE + "," + JNET);
        LAB.jnet().kill();
        try {
            add(list, published("c1"));
            serve("c1", Servers.tellPeer(PORT));
            assertThat(Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
            add(list, onPort(container("c2"), HOST_PORT + 1));
            list.check(published("c1"));
            list.delete(published("c1"));
            assertThat(Probe.on(outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isFalse();
        } finally {
            LAB.jnet().startAgain();
        }
        assertThat(endpoints()).hasSize(1);
        list.delete(onPort(container("c2"), HOST_PORT + 1));
        assertThat(endpoints()).isEmpty();
    }

    /** The reference plugins of that version know neither. */
    @Test
    void isAskedForItsStatusAndCollects() {
        CniList list = list("1.0.0", BRIDGE + "," + JNET);
        add(list, published("c1"));
        add(list, onPort(container("c2"), HOST_PORT + 1));
        CniList alone = list("1.1.0", JNET);
        // STATUS gives the daemon a tenth of a second.
        Eventually.holds("ready", AT_ONCE, () -> alone.status().command().succeeded());
        alone.collect(container("c2"));
        assertThat(endpoints()).hasSize(1);
        assertThat(LAB.jnet().run("ports").orThrow().text()).contains("8089").doesNotContain("8088");
    }

    @Test
    void aCheckFindsAPortThatIsNotPublished() {
        CniList list = list("1.0.0", BRIDGE + "," + JNET);
        add(list, published("c1"));
        list.check(published("c1"));
        assertThat(list.failedCheck(onPort(container("c1"), HOST_PORT + 1)).error(103))
                .contains("8089/tcp");
        // As if it had never been added.
        list("1.0.0", JNET).delete(published("c1"));
        assertThat(list.failedCheck(published("c1")).error(3)).contains("nothing is published");
    }

    /** Its frames leave by the network card, and never pass the host. */
    @Test
    void anInterfaceWithoutAnEndOnTheHostIsRefused() {
        CniList list = list("1.0.0", MACVLAN + "," + JNET);
        assertThatThrownBy(() -> add(list, published("c1"))).hasMessageContaining("no end of a veth pair");
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
        list.delete(published("c1"));
        add(list, container("c2"));
        list.check(container("c2"));
        list.delete(container("c2"));
    }

    @Test
    void whatMakesAnInterfaceIsRefused() {
        for (String key : List.of(
                "\"ipam\": {\"type\": \"jnet\"}",
                "\"bridge\": \"x\"",
                "\"isGateway\": true",
                "\"mtu\": 1400",
                "\"sysctl\": {\"net.ipv4.conf.IFNAME.log_martians\": \"1\"}",
                "\"ingressPolicy\": \"isolated\"")) {
            String name = key.substring(1, key.indexOf('"', 1));
            CniList list = list("1.0.0", BRIDGE + ", {\"type\": \"jnet\", " + key + "}");
            assertThatThrownBy(() -> add(list, container("c1")))
                    .hasMessageContaining("\"code\":7")
                    .hasMessageContaining(name + " beside prevResult");
            list.delete(container("c1"));
        }
    }

    @Test
    void oneNameIsOneKindOfNetwork() {
        String own = "{\"type\": \"jnet\", \"ipam\": {\"type\": \"jnet\", \"subnet\": \"10.84.0.0/24\"}}";
        add(list("1.0.0", own), container("c1"));
        CniList behind = list("1.0.0", BRIDGE + "," + JNET);
        assertThatThrownBy(() -> add(behind, published("c2")))
                .hasMessageContaining("\"code\":7")
                .hasMessageContaining("whose interfaces jnet makes");
        behind.delete(published("c2"));
        list("1.0.0", own).delete(container("c1"));
        LAB.jnet().run("network", "rm", "behind").orThrow();
        add(behind, published("c3"));
        assertThatThrownBy(() -> add(list("1.0.0", own), container("c4")))
                .hasMessageContaining("\"code\":7")
                .hasMessageContaining("whose interfaces other plugins make");
        assertThat(LAB.jnet()
                        .run("attach", "/run/netns/c4", "--network", "behind")
                        .everything())
                .contains("whose interfaces other plugins make");
    }

    /** What is added is deleted in the end: the other plugin's rules do not go with the container. */
    private JsonNode add(CniList list, CniContainer container) {
        deletions.add(() -> list.withoutResults().delete(container));
        return list.add(container);
    }

    private CniContainer container(String name) {
        if (!containers.contains(name)) {
            host().shell("ip netns add %1$s && ip -n %1$s link set lo up".formatted(name));
            containers.add(name);
        }
        return CniContainer.named(name);
    }

    private CniContainer published(String name) {
        return mapped(container(name));
    }

    private static CniContainer mapped(CniContainer container) {
        return onPort(container, HOST_PORT);
    }

    private static CniContainer onPort(CniContainer container, int hostPort) {
        return container.with(
                "portMappings", List.of(Map.of("hostPort", hostPort, "containerPort", PORT, "protocol", "tcp")));
    }

    private void serve(String container, String server) {
        servers.add(host().start("ip", "netns", "exec", container, "bash", "-c", server));
        Eventually.holds("the server listens", AT_ONCE, () -> inside(container, "ss -Hltn")
                .contains(":" + PORT));
    }

    private static JsonNode endpoints() {
        return LAB.jnet().json("endpoint", "ls");
    }

    private static CniList list(String version, String plugins) {
        return new CniList(
                host(),
                String.join(":", PLUGINS, REFERENCE),
                "{\"cniVersion\": \"%s\", \"name\": \"behind\", \"plugins\": [%s]}".formatted(version, plugins));
    }

    private static String inside(String container, String line) {
        return host().shell("ip netns exec " + container + " " + line).strip();
    }

    private static Machine outside() {
        return LAB.lab().outside();
    }

    private static Machine host() {
        return LAB.host();
    }
}
