package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.network.NetworkSpec;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bridge of the host's owner, on the real kernel. */
@KernelTest
class BridgeAdoptionKernelTest {
    private static final String HOST_LINK = "jv1234567890abc";

    @TempDir
    private Path directory;

    private StoredEngine engine;

    @BeforeEach
    void open() {
        makeBridge();
        engine = StoredEngine.open(directory);
    }

    @AfterEach
    void close() {
        engine.networks().forEach(network -> engine.deleteNetwork(network.id()));
        engine.close();
        Commands.run("ip", "link", "delete", "br0");
    }

    @Test
    void itServesTheNetworkAndIsThenAsItWas() {
        String before = dump();
        engine.createNetwork(onBr0("10.1.0.1/24", "fd00:1::1/64"));
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24", "fd00:1::2/64"));
        engine.join(WEB, ONE, "sandbox");

        assertThat(Commands.run("ip", "-o", "address", "show", "dev", "br0"))
                .contains("inet 192.0.2.1/24", "inet 10.1.0.1/24 brd 10.1.0.255", "inet6 fd00:1::1/64");
        assertThat(Commands.run("ip", "link", "show", "br0")).contains("mtu 1400", "UP");
        assertThat(Commands.run("ip", "link", "show", HOST_LINK)).contains("master br0", "mtu 1400", "fe:");
        assertThat(Commands.run("sysctl", "-n", "net.ipv4.conf.br0.route_localnet"))
                .startsWith("1");

        engine.deleteNetwork(WEB);
        assertThat(dump()).isEqualTo(before);
    }

    /** It may be the host's own way out, in a family that the network has not. */
    @Test
    void theHostIsReachedByItInBothFamilies() {
        try (FreshNamespace machine = FreshNamespace.create()) {
            String path =
                    machine.call(() -> "/proc/" + Files.readSymbolicLink(Path.of("/proc/thread-self")) + "/ns/net");
            Commands.run("ip", "link", "add", "machine0", "type", "veth", "peer", "name", "eth0", "netns", path);
            Commands.run("ip", "link", "set", "machine0", "master", "br0", "up");
            Commands.run("ip", "link", "set", "br0", "up");
            Commands.run("ip", "address", "add", "fd90::1/64", "dev", "br0", "nodad");
            machine.call(() -> {
                Commands.run("ip", "link", "set", "eth0", "up");
                Commands.run("ip", "address", "add", "192.0.2.9/24", "dev", "eth0");
                return Commands.run("ip", "address", "add", "fd90::9/64", "dev", "eth0", "nodad");
            });
            for (String gateway : List.of("10.1.0.1/24", "fd00:1::1/64")) {
                engine.createNetwork(onBr0(gateway));
                for (String address : List.of("192.0.2.1", "fd90::1")) {
                    assertThat(machine.call(() -> Commands.run("ping", "-c", "1", "-W", "5", address)))
                            .as("%s beside a network with %s", address, gateway)
                            .contains("1 received");
                }
                engine.deleteNetwork(WEB);
            }
            Commands.run("ip", "link", "delete", "machine0");
        }
    }

    @Test
    void anMtuThatItsOwnerGivesItMeanwhileStays() {
        engine.createNetwork(onBr0("10.1.0.1/24"));
        Commands.run("ip", "link", "set", "br0", "mtu", "1300");
        engine.deleteNetwork(WEB);
        assertThat(Commands.run("ip", "link", "show", "br0")).contains("mtu 1300");
    }

    @Test
    void itsMacAddressStaysWhilePortsComeAndGo() {
        String mac = mac();
        engine.createNetwork(onBr0("10.1.0.1/24"));
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24"));
        engine.join(WEB, ONE, "sandbox");
        assertThat(mac()).isEqualTo(mac);
        engine.deleteEndpoint(WEB, ONE);
        assertThat(mac()).isEqualTo(mac);
    }

    @Test
    void aNetworkWithoutTheOptionTouchesNoOthersBridge() {
        NetworkSpec unnamed = spec(WEB, "10.1.0.1/24");
        Commands.run("ip", "link", "add", "jbr-aaaa1111aaa", "type", "bridge");
        try {
            assertThatThrownBy(() -> engine.createNetwork(unnamed))
                    .hasMessageContaining("link jbr-aaaa1111aaa exists and is not this network's");
        } finally {
            Commands.run("ip", "link", "delete", "jbr-aaaa1111aaa");
        }
    }

    @Test
    void aBridgeThatItsOwnerMakesAgainGetsItsContainersBack() {
        engine.createNetwork(onBr0("10.1.0.1/24"));
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24"));
        engine.join(WEB, ONE, "sandbox");

        Commands.run("ip", "link", "delete", "br0");
        assertThat(engine.status().notes())
                .anyMatch(note -> note.startsWith("bridge br0 of network aaaa1111aaaa is missing"));
        makeBridge();

        await(() -> Commands.run("ip", "-o", "link", "show", HOST_LINK).contains("master br0"));
        await(() -> Commands.run("ip", "-o", "address", "show", "dev", "br0").contains("inet 10.1.0.1/24"));
        // It is set up after it has its address.
        await(() -> engine.status().notes().isEmpty());
    }

    /** What makes a bridge makes the link, gives it its ports and addresses, and sets it up. */
    @Test
    void aBridgeThatItsOwnerIsStillMakingIsLeftAlone() {
        Commands.run("ip", "link", "set", "br0", "up");
        engine.createNetwork(onBr0("10.1.0.1/24"));
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24"));
        engine.join(WEB, ONE, "sandbox");
        Commands.run("ip", "link", "delete", "br0");

        Commands.run("ip", "link", "add", "br0", "type", "bridge");
        await(() -> engine.status().notes().stream()
                .anyMatch(note -> note.contains("br0 of network aaaa1111aaaa is down")));
        // Looked at, and left: a change of another link is followed by a look at all of them.
        Commands.run("ip", "link", "add", "port0", "address", "02:00:00:00:00:07", "mtu", "1300", "type", "veth");
        Commands.run("ip", "link", "set", "port0", "master", "br0", "up");
        assertThat(Commands.run("ip", "-br", "link", "show", "br0")).contains("DOWN", "02:00:00:00:00:07");
        Commands.run("ip", "link", "set", "br0", "up");

        await(() -> Commands.run("ip", "-o", "link", "show", HOST_LINK).contains("master br0"));
        await(() -> Commands.run("ip", "-o", "address", "show", "dev", "br0").contains("inet 10.1.0.1/24"));
        assertThat(mac()).isEqualTo("02:00:00:00:00:07");
        await(() -> engine.networks().get(0).adopted().orElseThrow().mtu() == 1300);
        engine.deleteNetwork(WEB);
        assertThat(Commands.run("ip", "-br", "link", "show", "br0"))
                .as("its owner's to set down")
                .contains("UP");
        Commands.run("ip", "link", "delete", "port0");
    }

    /** NetworkManager sets a bridge up first. */
    @Test
    void aPortThatComesAfterTheBridgeIsUpGivesItItsMacAddress() {
        Commands.run("ip", "link", "set", "br0", "up");
        engine.createNetwork(onBr0("10.1.0.1/24"));
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24"));
        engine.join(WEB, ONE, "sandbox");
        Commands.run("ip", "link", "delete", "br0");
        Commands.run("ip", "link", "add", "br0", "up", "type", "bridge");
        String own = mac();
        await(() -> Commands.run("ip", "-o", "link", "show", HOST_LINK).contains("master br0"));
        await(() -> engine.status().notes().isEmpty());
        assertThat(mac()).as("not the container's").isEqualTo(own);

        Commands.run("ip", "link", "add", "port0", "address", "02:00:00:00:00:07", "type", "veth");
        Commands.run("ip", "link", "set", "port0", "master", "br0", "up");
        await(() -> mac().equals("02:00:00:00:00:07"));
        Commands.run("ip", "link", "delete", "port0");
        engine.deleteEndpoint(WEB, ONE);
        assertThat(mac()).isEqualTo("02:00:00:00:00:07");
    }

    @Test
    void anAddressThatTheNetworkGaveItIsGivenAgain() {
        engine.createNetwork(onBr0("10.1.0.1/24"));
        // By their names: ip(8) that flushes asks for what is left and would delete what has been mended meanwhile.
        Commands.run(
                "sh",
                "-c",
                "for each in 192.0.2.1/24 10.1.0.1/24; do echo address delete $each dev br0; done | ip -batch -");
        await(() -> Commands.run("ip", "-o", "address", "show", "dev", "br0").contains("inet 10.1.0.1/24"));
        await(() -> engine.status().mended().equals(Map.of("bridge", 1)));
        assertThat(Commands.run("ip", "-o", "address", "show", "dev", "br0")).doesNotContain("192.0.2.1");
    }

    @Test
    void aBridgeThatItsOwnerSetsDownStaysDownOverARestart() {
        Commands.run("ip", "link", "set", "br0", "up");
        engine.createNetwork(onBr0("10.1.0.1/24"));
        Commands.run("ip", "link", "set", "br0", "down");
        engine.close();
        engine = StoredEngine.open(directory);
        assertThat(engine.status().notes()).anyMatch(note -> note.contains("br0 of network aaaa1111aaaa is down"));
        assertThat(Commands.run("ip", "-br", "link", "show", "br0")).contains("DOWN");
    }

    @Test
    void aRestartTakesBackWhatTheEngineBeforeHasAdded() {
        String before = dump();
        engine.createNetwork(onBr0("10.1.0.1/24"));
        engine.close();
        engine = StoredEngine.open(directory);
        engine.deleteNetwork(WEB);
        assertThat(dump()).isEqualTo(before);
    }

    private static void await(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Down, with an address and an MTU of its own. */
    private static void makeBridge() {
        Commands.run("ip", "link", "add", "br0", "mtu", "1400", "type", "bridge");
        Commands.run("ip", "address", "add", "192.0.2.1/24", "dev", "br0");
    }

    private static String mac() {
        return Commands.run("ip", "-br", "link", "show", "br0")
                .replaceAll("(?s).*(([0-9a-f]{2}:){5}[0-9a-f]{2}).*", "$1");
    }

    private static String dump() {
        // The queue comes with the first time that it is up.
        return Commands.run("ip", "link", "show", "br0").replaceAll("qdisc \\w+", "")
                + Commands.run("ip", "-o", "address", "show", "dev", "br0")
                + Commands.run("sysctl", "-a", "--pattern", "^net.ipv[46].conf.br0")
                + Commands.run("nft", "list", "ruleset");
    }

    private static NetworkSpec onBr0(String... gateways) {
        NetworkSpec spec = spec(WEB, gateways);
        return new NetworkSpec(
                WEB,
                spec.name(),
                Optional.of(new InterfaceName("br0")),
                spec.subnets(),
                spec.mtu(),
                spec.interfacePrefix(),
                spec.hostBinding(),
                spec.flags());
    }
}
