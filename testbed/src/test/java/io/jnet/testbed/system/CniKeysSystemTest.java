package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Keys of a CNI configuration that change the interface, the bridge, or what the result says: each seen in the kernel. */
@SystemTest
class CniKeysSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isGateway": true%s,
             "ipam": {"type": "jnet"%s}}
            """;
    private static final String SUBNET = ", \"subnet\": \"10.88.0.0/24\"";

    private final List<String> namespaces = new ArrayList<>();

    @AfterEach
    void removeNamespaces() {
        namespaces.forEach(name -> {
            CniCall.of("DEL", name, CONFIGURATION.formatted("", SUBNET)).run(host());
            host().run("ip", "netns", "delete", name);
        });
        LAB.jnet().run("network", "rm", "web");
    }

    @Test
    void theInterfaceIsTuned() {
        String keys =
                """
                , "mac": "02:00:00:00:00:09", "promisc": true, "allmulti": true, "txQLen": 77,
                "sysctl": {"net.ipv4.conf.IFNAME.log_martians": "1", "net.core.somaxconn": "500"}""";
        JsonNode result = add("c1", keys, SUBNET).result();
        assertThat(result.at("/interfaces/2/mac").asString()).isEqualTo("02:00:00:00:00:09");
        assertThat(inside("c1", "ip", "-d", "link", "show", "eth0").text())
                .contains("02:00:00:00:00:09", "PROMISC", "ALLMULTI", "qlen 77");
        assertThat(setting("c1", "net.ipv4.conf.eth0.log_martians")).isEqualTo("1");
        assertThat(setting("c1", "net.core.somaxconn")).isEqualTo("500");
    }

    @Test
    void aRefusedSettingLeavesNothing() {
        String before = setting(namespace("c1"), "net.core.somaxconn");
        String keys =
                ", \"sysctl\": {\"net.core.somaxconn\": \"501\", \"net.ipv4.conf.IFNAME.log_martians\": \"many\"}";
        assertThat(add("c1", keys, SUBNET).error(7)).contains("log_martians", "many");
        assertThat(setting("c1", "net.core.somaxconn")).isEqualTo(before);
        assertThat(inside("c1", "ip", "-brief", "link").text()).doesNotContain("eth0");
        assertThat(LAB.jnet().json("network", "ls").size()).isZero();
    }

    @Test
    void routesHaveTheirOptions() {
        String routes =
                """
                , "subnet": "10.88.0.0/24", "routes": [
                {"dst": "10.9.0.0/16", "mtu": 1300, "advmss": 1200, "priority": 50},
                {"dst": "10.10.0.0/16", "gw": "10.88.0.7", "table": 77}]""";
        JsonNode result = add("c1", "", routes).result();
        assertThat(inside("c1", "ip", "route").text())
                .contains("10.9.0.0/16 via 10.88.0.1 dev eth0 proto static metric 50 mtu 1300 advmss 1200");
        assertThat(inside("c1", "ip", "route", "show", "table", "77").text())
                .contains("10.10.0.0/16 via 10.88.0.7 dev eth0");
        assertThat(result.at("/routes/0/priority").asInt()).isEqualTo(50);
        assertThat(result.at("/routes/1/table").asInt()).isEqualTo(77);
    }

    @Test
    void aSetOfRangesIsUsedUpInOrderAndEachSetGivesAnAddress() {
        String ranges =
                """
                , "ranges": [[{"subnet": "10.88.0.0/30"}, {"subnet": "10.89.0.0/24"}], [{"subnet": "10.90.0.0/24"}]]""";
        assertThat(add("c1", "", ranges).result().path("ips").toString()).contains("10.88.0.2/30", "10.90.0.2/24");
        JsonNode second = add("c2", "", ranges).result();
        assertThat(second.path("ips").toString()).contains("10.89.0.2/24", "10.90.0.3/24");
        assertThat(inside("c2", "ping", "-c", "1", "-W", "2", "10.90.0.2").succeeded())
                .isTrue();
    }

    @Test
    void aContainerThatForgesItsMacIsNotHeard() {
        add("c1", ", \"macspoofchk\": true, \"promiscMode\": true", SUBNET).result();
        String bridge = host().shell("ip -o link show type bridge | grep -o 'jbr-[0-9a-f]*' | head -1");
        assertThat(host().run("ip", "link", "show", bridge.strip()).text()).contains("PROMISC");
        assertThat(pingsGateway()).isTrue();
        String own = inside("c1", "cat", "/sys/class/net/eth0/address").text();
        inside("c1", "ip", "link", "set", "eth0", "address", "02:00:00:00:00:66")
                .orThrow();
        assertThat(pingsGateway()).isFalse();
        inside("c1", "ip", "link", "set", "eth0", "address", own).orThrow();
        inside("c1", "ip", "address", "add", "10.88.0.77/24", "dev", "eth0").orThrow();
        assertThat(inside("c1", "ping", "-c", "1", "-W", "2", "-I", "10.88.0.77", "10.88.0.1")
                        .succeeded())
                .as("addresses are not looked at")
                .isTrue();
    }

    @Test
    void aBridgeOfSomebodyElsesIsUsedWhereTheConfigurationSaysSo() {
        host().run("ip", "link", "add", "theirs", "type", "bridge").orThrow();
        try {
            assertThat(add("c1", ", \"bridge\": \"theirs\"", SUBNET).error(100))
                    .contains("theirs", "jnet did not make it");
            add("c1", ", \"bridge\": \"theirs\", \"adoptBridge\": true", SUBNET).result();
            assertThat(pingsGateway()).isTrue();
            assertThat(LAB.jnet()
                            .json("network", "inspect", "web")
                            .at("/network/mac")
                            .asString())
                    .as("it keeps its own")
                    .isEmpty();
            CniCall.of("DEL", "c1", CONFIGURATION.formatted("", SUBNET))
                    .run(host())
                    .succeeded();
            LAB.jnet().run("network", "rm", "web").orThrow();
            assertThat(host().run("ip", "link", "show", "theirs").succeeded()).isTrue();
        } finally {
            host().run("ip", "link", "delete", "theirs");
        }
    }

    @Test
    void anInterfaceWithoutAddressesMayStayDown() {
        String configuration =
                """
                {"cniVersion": "1.0.0", "name": "web", "type": "jnet", "disableContainerInterface": true, "ipam": {}}""";
        CniCall.of("ADD", namespace("c1"), configuration).run(host()).result();
        assertThat(inside("c1", "ip", "-brief", "link", "show", "eth0").text()).contains("DOWN");
    }

    /** The file is that of the caller's mount namespace, and nothing of it is ever quoted. */
    @Test
    void resolversComeFromAFile() {
        String file = "/run/jnet-test-resolv.conf";
        host().shell("printf 'nameserver 10.0.0.53\\nsearch a.test\\n' >" + file);
        try {
            String ipam = SUBNET + ", \"resolvConf\": \"" + file + "\"";
            JsonNode result = add("c1", "", ipam).result();
            assertThat(result.at("/dns/nameservers/0").asString()).isEqualTo("10.0.0.53");
            assertThat(result.at("/dns/search/0").asString()).isEqualTo("a.test");
            assertThat(add("c2", "", SUBNET + ", \"resolvConf\": \"/run\"").error(7))
                    .contains("no regular file");
            assertThat(add("c3", "", SUBNET + ", \"resolvConf\": \"/no-such-file\"")
                            .error(7))
                    .contains("/no-such-file", "No such file");
            host().shell("head -c 70000 /dev/zero >" + file);
            assertThat(add("c4", "", ipam).error(7)).contains("64 KiB");
        } finally {
            host().run("rm", file);
        }
    }

    @Test
    void aNamedNamespaceGetsAResolversFile() {
        namespace("box");
        LAB.jnet()
                .run("attach", "/run/netns/box", "--network", "web", "--dns", "10.0.0.53", "--dns-search", "a.test")
                .orThrow();
        assertThat(inside("box", "cat", "/etc/resolv.conf").text()).contains("nameserver 10.0.0.53", "search a.test");
        LAB.jnet().run("detach", "/run/netns/box", "--network", "web").orThrow();
        assertThat(host().run("ls", "/etc/netns/box").succeeded()).isFalse();

        host().shell("mkdir -p /etc/netns/box && echo 'nameserver 10.0.0.1' >/etc/netns/box/resolv.conf");
        assertThat(LAB.jnet()
                        .run("attach", "/run/netns/box", "--network", "web", "--dns", "10.0.0.53")
                        .errors())
                .contains("somebody else's");
        LAB.jnet().run("detach", "/run/netns/box", "--network", "web").orThrow();
        assertThat(host().shell("cat /etc/netns/box/resolv.conf")).contains("10.0.0.1");
        host().run("rm", "-r", "/etc/netns/box").orThrow();
        assertThat(LAB.jnet()
                        .run("attach", "/run/netns/box", "--network", "web", "--dns", "nowhere")
                        .errors())
                .contains("--dns");
    }

    private boolean pingsGateway() {
        return inside("c1", "ping", "-c", "1", "-W", "1", "10.88.0.1").succeeded();
    }

    private String namespace(String container) {
        if (!namespaces.contains(container)) {
            host().run("ip", "netns", "add", container).orThrow();
            namespaces.add(container);
        }
        return container;
    }

    private CniCall.Answer add(String container, String keys, String ipam) {
        return CniCall.of("ADD", namespace(container), CONFIGURATION.formatted(keys, ipam))
                .run(host());
    }

    private static String setting(String container, String name) {
        return inside(container, "sysctl", "-n", name).text();
    }

    private static CommandResult inside(String container, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", container));
        all.addAll(List.of(command));
        return host().run(all);
    }

    private static Machine host() {
        return LAB.host();
    }
}
