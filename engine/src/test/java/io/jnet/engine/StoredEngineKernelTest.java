package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine on the real kernel; each test in a network namespace of its own. */
@KernelTest
class StoredEngineKernelTest {
    private static final String BRIDGE = "jbr-aaaa1111aaa";
    private static final String HOST_LINK = "jv1234567890abc";
    private static final String PEER_LINK = "jp1234567890abc";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private String before;
    private StoredEngine engine;

    @BeforeEach
    void open() {
        before = dump();
        engine = StoredEngine.open(directory);
    }

    @AfterEach
    void close() {
        engine.networks().forEach(network -> engine.deleteNetwork(network.id()));
        engine.close();
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void startAloneChangesNothing() {
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void bridgeIsAsDocker0Is() {
        Network network = engine.createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));

        assertThat(Commands.run("ip", "-d", "-o", "link", "show", BRIDGE))
                .contains(
                        "bridge forward_delay 0",
                        "stp_state 0",
                        "mtu 1500",
                        "UP",
                        network.bridgeMac().toString());
        assertThat(Commands.run("ip", "-o", "address", "show", "dev", BRIDGE))
                .contains("inet 10.1.0.1/24 brd 10.1.0.255 scope global")
                .contains("inet6 fd00:1::1/64 scope global nodad")
                .doesNotContain("tentative");
        assertThat(setting("net.ipv4.conf." + BRIDGE + ".route_localnet")).isEqualTo("1");
        assertThat(setting("net.ipv6.conf." + BRIDGE + ".accept_ra")).isEqualTo("0");
        assertThat(setting("net.ipv6.conf." + BRIDGE + ".disable_ipv6")).isEqualTo("0");
    }

    @Test
    void hostForwardsFromTheFirstContainerOn() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        String bridge = "net.ipv4.conf." + BRIDGE + ".forwarding";
        String notYet = setting(bridge);
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24", "fd00:1::2/64"));
        engine.join(WEB, ONE, "sandbox");

        assertThat(notYet).isEqualTo("0");
        assertThat(setting(bridge)).isEqualTo("1");
        assertThat(engine.status().hostChanges()).hasSize(2);
    }

    @Test
    void networkWithoutIpv6HasNoneOnItsBridge() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));

        assertThat(setting("net.ipv6.conf." + BRIDGE + ".disable_ipv6")).isEqualTo("1");
        assertThat(setting("net.ipv6.conf.all.forwarding")).isEqualTo("0");
    }

    @Test
    void vethPairIsReadyForTheContainer() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        Endpoint endpoint = joined();

        assertThat(Commands.run("ip", "-d", "-o", "link", "show", HOST_LINK))
                .contains(
                        "master " + BRIDGE,
                        "hairpin on",
                        "isolated off",
                        "addrgenmode none",
                        ",UP",
                        endpoint.id().value());
        assertThat(Commands.run("ip", "-d", "-o", "link", "show", PEER_LINK))
                .contains(endpoint.mac().toString(), "state DOWN", "veth");
    }

    @Test
    void portsAreIsolatedWithoutInterContainerCommunication() {
        engine.createNetwork(spec(WEB, Set.of(NetworkFlag.MASQUERADE), "10.1.0.1/24"));
        joined();

        assertThat(Commands.run("ip", "-d", "-o", "link", "show", HOST_LINK)).contains("isolated on");
    }

    /** As a ruleset that was saved when there was a network is loaded at boot: its published ports would be taken from the host. */
    @Test
    void rulesThatNoNetworkNeedsGoWithTheNextStart() throws IOException {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        Path saved = directory.resolve("saved.nft");
        Files.writeString(
                saved,
                Commands.run("nft", "list", "table", "inet", "jnet")
                        + Commands.run("nft", "list", "table", "bridge", "jnet"));
        engine.deleteNetwork(WEB);
        Commands.run("nft", "-f", saved.toString());
        assertThat(dump()).isNotEqualTo(before);

        restart();
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void bridgeThatWasDeletedIsTheSameAfterARestart() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        String link = Commands.run("ip", "-o", "link", "show", BRIDGE).replaceFirst("^[0-9]+", "");
        Commands.run("ip", "link", "delete", BRIDGE);

        restart();

        assertThat(Commands.run("ip", "-o", "link", "show", BRIDGE).replaceFirst("^[0-9]+", ""))
                .isEqualTo(link);
    }

    @Test
    void bridgeThatSomebodyChangedIsMendedAtRestart() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        String changed = dump();
        Commands.run("ip", "link", "set", BRIDGE, "down");
        Commands.run("ip", "link", "set", BRIDGE, "mtu", "1400", "address", "02:00:00:00:00:99");
        Commands.run("ip", "address", "flush", "dev", BRIDGE);

        restart();

        Instant end = Instant.now().plus(PATIENCE);
        while (!dump().equals(changed) && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(dump()).isEqualTo(changed);
    }

    @Test
    void restartLeavesKernelObjectsAsTheyAre() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        joined();
        engine.publish(WEB, ONE, List.of(tcp(8080, 80)));
        String running = dump();

        restart();

        assertThat(dump()).isEqualTo(running);
        assertThat(engine.status().notes()).isEmpty();
    }

    @Test
    void linkThatIsNotJnetsIsLeftAlone() {
        Commands.run("ip", "link", "add", BRIDGE, "type", "bridge");
        String foreign = dump();

        StoredEngineTest.assertRefused(
                ErrorCode.CONFLICT, () -> engine.createNetwork(spec(WEB, "10.1.0.1/24")), "link " + BRIDGE + " exists");

        assertThat(dump()).isEqualTo(foreign);
        Commands.run("ip", "link", "delete", BRIDGE);
    }

    @Test
    void portOfAnotherProcessIsRefusedWithItsName() throws IOException {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        joined();
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));

            StoredEngineTest.assertRefused(
                    ErrorCode.CONFLICT,
                    () -> engine.publish(WEB, ONE, List.of(tcp(8080, 80))),
                    "port 8080/tcp on 0.0.0.0 and :: is in use by pid "
                            + ProcessHandle.current().pid() + " (java)");
        }
        assertThat(engine.publish(WEB, ONE, List.of(tcp(8080, 80)))).hasSize(1);
    }

    @Test
    void publishedPortIsHeldAgainstOtherProcesses() throws IOException {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        joined();
        engine.publish(WEB, ONE, List.of(tcp(8080, 80)));

        try (ServerSocket other = new ServerSocket()) {
            other.setReuseAddress(true);
            assertThatThrownBy(() -> other.bind(new InetSocketAddress(8080))).hasMessageContaining("in use");
        }
        restart();
        engine.unpublish(WEB, ONE);
        try (ServerSocket other = new ServerSocket(8080)) {
            assertThat(other.isBound()).isTrue();
        }
    }

    @Test
    void endpointsThatGoTogetherLeaveNothing() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        joined();
        engine.createEndpoint(endpointSpec(TWO, "10.1.0.3/24"));
        engine.join(WEB, TWO, "sandbox");

        engine.deleteNetwork(WEB);

        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void linkThatGoesWithItsContainerTakesTheEndpointAlong() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        joined();
        engine.publish(WEB, ONE, List.of(tcp(8080, 80)));

        Commands.run("ip", "link", "delete", HOST_LINK);

        await(() -> engine.endpoints().isEmpty());
        assertThat(Commands.run("nft", "list", "map", "inet", "jnet", "published4"))
                .doesNotContain("8080");
    }

    /** 1,023: BR_MAX_PORTS less the number 0 (net/bridge/br_if.c, find_portno). */
    @Test
    void bridgeWithoutAPortLeftRefusesTheEndpoint() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        Commands.run(
                "sh",
                "-c",
                "for i in $(seq 1 1023); do echo link add p$i group 7 type veth peer name q$i; echo link set p$i master "
                        + BRIDGE + "; done | ip -batch -");
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24"));

        StoredEngineTest.assertRefused(
                ErrorCode.EXHAUSTED, () -> engine.join(WEB, ONE, "sandbox"), "its bridge has no port left");

        Commands.run("ip", "link", "delete", "group", "7");
        engine.join(WEB, ONE, "sandbox");
    }

    @Test
    void hostKnowsTheContainersMacAddressFromTheBeginning() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        Endpoint endpoint = joined();
        assertThat(Commands.run("ip", "neighbour", "show", "dev", BRIDGE))
                .contains("10.1.0.2 lladdr " + endpoint.mac() + " extern_learn");

        engine.deleteEndpoint(WEB, ONE);

        assertThat(Commands.run("ip", "neighbour", "show", "dev", BRIDGE)).isEmpty();
    }

    @Test
    void rulesetThatSomebodyRemovesIsInstalledAgain() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        joined();
        engine.publish(WEB, ONE, List.of(tcp(8080, 80)));
        String installed = tables();
        for (String removal : List.of("flush ruleset", "delete table inet jnet", "delete table bridge jnet")) {
            Commands.run("nft", removal);
            await(() -> tables().equals(installed));
        }
    }

    @Test
    void endpointWhosePeerCameBackWhileNoDaemonRanIsForgotten() {
        engine.createNetwork(spec(WEB, "10.1.0.1/24"));
        joined();
        restart();
        assertThat(engine.endpoints()).as("a peer that was never in use").hasSize(1);
        Commands.run("ip", "link", "set", PEER_LINK, "up");
        Commands.run("ip", "link", "set", PEER_LINK, "down");

        restart();

        assertThat(engine.endpoints()).isEmpty();
        assertThat(Commands.run("ip", "-o", "link")).doesNotContain(HOST_LINK, PEER_LINK);
    }

    private Endpoint joined() {
        Endpoint endpoint = engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24"));
        engine.join(WEB, ONE, "sandbox");
        return endpoint;
    }

    private void restart() {
        engine.close();
        engine = StoredEngine.open(directory);
    }

    /** Each alone: a table that is made again comes after the others. */
    private static String tables() {
        return Stream.of("inet", "bridge")
                .map(family -> Commands.run("sh", "-c", "nft --stateless list table " + family + " jnet 2>&1 || true"))
                .collect(Collectors.joining());
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String setting(String name) {
        return Commands.run("sysctl", "-n", name).strip();
    }

    private static String dump() {
        String settings = Commands.run("sysctl", "-a", "--pattern", "^net\\.ipv[46]\\.(conf|ip_forward|neigh)")
                .lines()
                .filter(line -> !line.contains("stable_secret"))
                .collect(Collectors.joining("\n"));
        return Commands.run("ip", "-o", "link").replaceAll("(?m)^[0-9]+: ", "").replaceAll("@if[0-9]+", "")
                + Commands.run("ip", "-o", "address").replaceAll("(?m)^[0-9]+: ", "")
                + Commands.run("ip", "route", "show", "table", "all")
                + Commands.run("ip", "-6", "route", "show", "table", "all").replaceAll("expires [0-9]+sec", "")
                + Commands.run("nft", "list", "ruleset")
                + Commands.run("ss", "-lntuaH")
                + settings;
    }
}
