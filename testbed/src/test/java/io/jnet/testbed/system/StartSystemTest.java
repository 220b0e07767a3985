package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The distribution, the daemon, the bridge that a network gets, and what the commands say. */
@SystemTest
class StartSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @BeforeAll
    static void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "about jnet's own commands");
    }

    private static String networkId(String name) {
        return LAB.docker().inspect(name, "{{.Id}}");
    }

    @Test
    void aNetworkGetsABridgeLikeDocker0() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24", "--opt", "com.docker.network.driver.mtu=1420");
        String bridge = "jbr-" + networkId("web").substring(0, 11);
        String link = LAB.host().shell("ip -details link show " + bridge);
        assertThat(link).contains(" bridge ", "mtu 1420", "<NO-CARRIER,BROADCAST,MULTICAST,UP>");
        assertThat(LAB.host().shell("ip -oneline -4 address show dev " + bridge))
                .contains("inet 10.90.1.1/24 brd 10.90.1.255");
        Container container = LAB.docker().idle("--network", "web");
        assertThat(LAB.host().shell("ip -brief link show master " + bridge))
                .startsWith("jv")
                .contains("UP");
        assertThat(container.shell("cat /sys/class/net/eth0/mtu")).isEqualTo("1420");
    }

    @Test
    void aBridgeKeepsItsMacAddressWhenItIsRebuilt() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24", "--opt", "com.docker.network.bridge.name=web0");
        String mac = LAB.host().shell("cat /sys/class/net/web0/address");
        LAB.jnet().stop();
        LAB.host().shell("ip link delete web0");
        LAB.jnet().startAgain();
        assertThat(LAB.host().shell("cat /sys/class/net/web0/address")).isEqualTo(mac);
        Container container = LAB.docker().idle("--network", "web");
        assertThat(LAB.host().shell("cat /sys/class/net/web0/address"))
                .as("with a port")
                .isEqualTo(mac);
        assertThat(container
                        .exec("ping", "-c", "1", "-W", "2", Lab.OUTSIDE_ADDRESS)
                        .succeeded())
                .isTrue();
    }

    @Test
    void theCommandsSayTheTruth() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24", "--opt", "io.jnet.name=shop");
        Container container = LAB.docker()
                .serve(
                        List.of(
                                "--name",
                                "server",
                                "--network",
                                "web",
                                "--publish",
                                "8080:80",
                                "--publish",
                                "127.0.0.1:5353:53/udp"),
                        Servers.tellPeer(80));
        String id = networkId("web");

        JsonNode networks = LAB.jnet().jsonOfCommand("network", "ls");
        assertThat(networks.size()).isOne();
        assertThat(networks.get(0).path("id").asString()).isEqualTo(id);
        assertThat(networks.get(0).path("name").asString()).isEqualTo("shop");
        assertThat(LAB.jnet().run("network", "ls").orThrow().output())
                .contains("shop", "10.90.1.0/24", "jbr-" + id.substring(0, 11));
        assertThat(LAB.jnet().jsonOfCommand("network", "inspect", "shop").toString())
                .contains(id, "10.90.1.0/24", "10.90.1.1", "10.90.1.2");
        assertThat(LAB.jnet()
                        .jsonOfCommand("network", "inspect", id.substring(0, 8))
                        .toString())
                .contains(id);

        JsonNode endpoints = LAB.jnet().jsonOfCommand("endpoint", "ls");
        assertThat(endpoints.size()).isOne();
        assertThat(endpoints.get(0).toString()).contains("10.90.1.2", id);
        assertThat(LAB.jnet().run("endpoint", "ls").orThrow().output()).contains("10.90.1.2");

        assertThat(LAB.jnet().jsonOfCommand("ports").toString()).contains("8080", "5353");
        assertThat(LAB.jnet().run("ports").orThrow().output()).contains("8080", "127.0.0.1");
        List<String> expected = List.of("53/udp -> 127.0.0.1:5353", "80/tcp -> 0.0.0.0:8080", "80/tcp -> [::]:8080");
        String endpoint = endpoints.get(0).path("id").asString();
        for (String name : List.of(
                "server", container.id(), container.id().substring(0, 12), endpoint, endpoint.substring(0, 10))) {
            assertThat(LAB.jnet().run("port", name).orThrow().lines())
                    .as(name)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }

        JsonNode status = LAB.jnet().jsonOfCommand("status");
        assertThat(status.path("networks").asInt()).isOne();
        assertThat(status.path("endpoints").asInt()).isOne();
        assertThat(LAB.jnet().run("status").orThrow().output()).isNotBlank();
    }

    /** Docker tells no driver what a network is called. */
    @Test
    void theCommandsKnowDockersNamesOfNetworks() {
        LAB.createNetwork("plain", "--subnet", "10.90.4.0/24");
        String id = networkId("plain");
        assertThat(LAB.jnet().run("network", "ls").orThrow().lines())
                .anyMatch(line -> line.startsWith("plain ") && line.contains(id.substring(0, 12)));
        assertThat(LAB.jnet().run("network", "inspect", "plain").orThrow().output())
                .contains("plain", id, "10.90.4.0/24");
        assertRefused(LAB.jnet().run("network", "inspect", "bridge"), 1, "bridge");
    }

    @Test
    void theCommandsFailWithOneLine() {
        assertRefused(LAB.jnet().run("network", "inspect", "nothing"), 1, "nothing");
        assertRefused(LAB.jnet().run("port", "nobody"), 1, "nobody");
        assertThat(LAB.jnet().run("network", "dance").exitStatus()).isEqualTo(2);
        assertRefused(LAB.jnet().run("status", "--socket", "/run/no.sock"), 1, "/run/no.sock");
    }

    private static void assertRefused(CommandResult result, int status, String what) {
        assertThat(result.exitStatus()).isEqualTo(status);
        assertThat(result.errors().strip()).contains(what);
        assertThat(status == 2 || result.errors().strip().lines().count() == 1)
                .as(result.errors())
                .isTrue();
    }

    @Test
    void aSecondDaemonOnTheSameStateIsRefused() {
        BackgroundProcess second = LAB.host()
                .start(
                        JnetDaemon.distribution().resolve("bin/jnet").toString(),
                        "daemon",
                        "--socket",
                        "/run/second.sock",
                        "--cni-socket",
                        "/run/second/cni.sock",
                        "--plugin-socket",
                        "/run/second-plugin.sock");
        assertThat(second.waitForEnd(PATIENCE)).isEqualTo(1);
        assertThat(second.log()).contains("another jnet daemon, process ");
        assertThat(LAB.jnet().run("status").succeeded()).isTrue();
    }

    @Test
    void aStaleSocketIsReplaced() {
        LAB.jnet().kill();
        assertThat(LAB.host().run("test", "-S", JnetDaemon.SOCKET).succeeded())
                .as("left by the killed one")
                .isTrue();
        LAB.jnet().startAgain();
        LAB.createNetwork("web");
    }

    /** In a namespace of users the daemon is root and yet may do nothing. */
    @Test
    void withoutTheCapabilityTheDaemonEndsWithOneLine() {
        try (Lab lab = Lab.open()) {
            Machine machine = lab.outside();
            String launcher = JnetDaemon.distribution().resolve("bin/jnet").toString();
            CommandResult refused = machine.run(
                    "setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin", launcher, "daemon");
            assertThat(refused.exitStatus()).isEqualTo(1);
            assertThat(refused.everything()).contains("CAP_NET_ADMIN");
            assertThat(refused.errors().strip().lines()).hasSize(1);
            assertThat(machine.shell("nft list tables")).doesNotContain("jnet");
        }
    }
}
