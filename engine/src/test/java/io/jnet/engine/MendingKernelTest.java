package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.ForwardCoexistence;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.work.Mends;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others at jnet's own links and rules, on the real kernel. The times are told, and bounded for a machine that is busy. */
@KernelTest
class MendingKernelTest {
    private static final String BRIDGE = "jbr-aaaa1111aaa";
    private static final String HOST_LINK = "jv1234567890abc";
    private static final String PEER_LINK = "jp1234567890abc";
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private StoredEngine engine;
    private String before;

    @BeforeEach
    void join() {
        engine = StoredEngine.open(directory);
        // Isolated ports.
        engine.createNetwork(spec(WEB, Set.of(NetworkFlag.MASQUERADE), "10.1.0.1/24", "fd00:1::1/64"));
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24", "fd00:1::2/64"));
        engine.join(WEB, ONE, "sandbox");
        Commands.run("ip", "link", "set", PEER_LINK, "addrgenmode", "none", "up");
        await(() -> Commands.run("ip", "-o", "link", "show", HOST_LINK).contains("LOWER_UP"));
        before = dump();
        assertThat(engine.status().mended()).isEmpty();
    }

    @AfterEach
    void close() {
        engine.networks().forEach(network -> engine.deleteNetwork(network.id()));
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "link delete " + BRIDGE,
                "link set " + BRIDGE + " down",
                "address delete 10.1.0.1/24 dev " + BRIDGE,
                "link set " + BRIDGE + " address 02:00:00:00:00:01"
            })
    void theBridgeIsMended(String deed) {
        assertMended(deed, "bridge");
    }

    /** By their names: ip(8) that flushes asks for what is left and would delete what has been mended meanwhile. */
    @Test
    void aBridgeWithoutAnyAddressIsMended() {
        Commands.run(
                "sh",
                "-c",
                "for each in 10.1.0.1/24 fd00:1::1/64; do echo address delete $each dev " + BRIDGE
                        + "; done | ip -batch -");
        await(() -> dump().equals(before));
        await(() -> engine.status().mended().containsKey("bridge"));
        // The first may be mended before the second is gone.
        assertThat(engine.status().mended()).isIn(Map.of("bridge", 1), Map.of("bridge", 2));
        assertThat(engine.networkDifference(WEB)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "link set " + HOST_LINK + " nomaster",
                "link set " + HOST_LINK + " down",
                "link set " + HOST_LINK + " type bridge_slave isolated off"
            })
    void thePortIsMended(String deed) {
        assertMended(deed, "port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flush ruleset",
                "delete table bridge jnet",
                "flush chain inet jnet nat_prerouting; delete chain inet jnet nat_prerouting",
                "flush table inet jnet"
            })
    void theRulesetIsMended(String deed) {
        long begun = System.nanoTime();
        Commands.run("nft", deed);
        await(() -> engine.status().mended().equals(Map.of("ruleset", 1)));
        tell("nft " + deed, begun);
        // A chain that was deleted comes after the others.
        await(() -> sorted(dump()).equals(sorted(before)));
    }

    private static List<String> sorted(String text) {
        return text.lines().sorted().toList();
    }

    @Test
    void whoRemovesTheRulesetAgainAndAgainIsLeftInPeaceAndNamed() {
        for (int i = 1; i <= Mends.MOST; i++) {
            Commands.run("nft", "flush", "ruleset");
            Map<String, Integer> mended = Map.of("ruleset", i);
            await(() -> engine.status().mended().equals(mended));
        }
        Commands.run("nft", "flush", "ruleset");
        await(() -> !engine.status().notes().isEmpty());
        assertThat(engine.status().notes().get(0)).startsWith("the ruleset was removed by nft again and again");
        assertThat(Commands.run("nft", "list", "tables")).doesNotContain("inet jnet\n");
    }

    /** No event tells of it. */
    @Test
    void legacyRulesAreMendedWithinSeconds() {
        Commands.run("iptables-legacy", "-w", "-P", "FORWARD", "DROP");
        Commands.run("ip", "link", "set", BRIDGE, "down");
        await(() -> Commands.run("iptables-legacy-save").contains("-A FORWARD -j JNET-FORWARD"));
        await(() -> engine.status().mended().equals(Map.of("bridge", 1)));

        long begun = System.nanoTime();
        Commands.run("iptables-legacy", "-w", "-F");
        await(
                ForwardCoexistence.PERIOD.plus(BOUND),
                () -> engine.status().mended().containsKey("forward"));
        tell("iptables-legacy -F", begun);
        assertThat(Commands.run("iptables-legacy-save")).contains("-A FORWARD -j JNET-FORWARD");
    }

    @Test
    void linksThatAreNotProvenToBeItsOwnAreLeftAlone() {
        // As jnet names them, without its mark.
        Commands.run("ip", "link", "set", HOST_LINK, "alias", "theirs");
        Commands.run("ip", "link", "set", HOST_LINK, "nomaster");
        Commands.run("ip", "link", "set", BRIDGE, "down");
        await(() -> engine.status().mended().equals(Map.of("bridge", 1)));
        assertThat(Commands.run("ip", "-o", "link", "show", HOST_LINK)).doesNotContain("master");
        Commands.run("ip", "link", "delete", HOST_LINK);
    }

    @Test
    void anothersBridgeOfTheNameStaysAsItIs() {
        engine.close();
        Commands.run("ip", "link", "delete", BRIDGE);
        Commands.run("ip", "link", "add", BRIDGE, "type", "bridge");
        engine = StoredEngine.open(directory);
        Commands.run("ip", "address", "add", "192.0.2.1/24", "dev", BRIDGE);
        await(() -> !engine.status().notes().isEmpty());
        assertThat(engine.status().notes()).anyMatch(note -> note.contains("a link of its name is not jnet's"));
        assertThat(Commands.run("ip", "-o", "link", "show", BRIDGE)).doesNotContain(",UP");
        assertThat(Commands.run("ip", "-o", "link", "show", HOST_LINK)).doesNotContain("master");

        Commands.run("ip", "link", "delete", BRIDGE);
        await(() -> engine.status().mended().equals(Map.of("bridge", 1)));
        await(() -> dump().equals(before));
    }

    /** jnet's own work is not mended. */
    @Test
    void comingAndGoingContainersAreNoDamage() {
        for (int i = 0; i < 20; i++) {
            engine.deleteEndpoint(WEB, ONE);
            engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24", "fd00:1::2/64"));
            engine.join(WEB, ONE, "sandbox");
            Commands.run("ip", "link", "set", PEER_LINK, "up");
        }
        // What the engine hears of comes one after the other: with this it has heard of all that was before.
        Commands.run("nft", "flush", "ruleset");
        await(() -> {
            // Forwarding is switched on meanwhile at a peer that has got an address: nobody has switched it off.
            assertThat(engine.status().notes()).isEmpty();
            return engine.status().mended().containsKey("ruleset");
        });
        assertThat(engine.status().mended()).isEqualTo(Map.of("ruleset", 1));
        assertThat(engine.status().notes()).isEmpty();
    }

    private void assertMended(String deed, String kind) {
        List<String> command = List.of(("ip " + deed).split(" "));
        Commands.run(command.toArray(String[]::new));
        long begun = System.nanoTime();
        await(() -> engine.status().mended().equals(Map.of(kind, 1)));
        tell("ip " + deed, begun);
        await(() -> dump().equals(before));
        assertThat(engine.status().mended()).isEqualTo(Map.of(kind, 1));
        assertThat(engine.networkDifference(WEB)).isEmpty();
    }

    private static void tell(String deed, long begun) {
        System.out.println(deed + ": mended after "
                + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
    }

    private static void await(BooleanSupplier condition) {
        await(BOUND, condition);
    }

    private static void await(Duration bound, BooleanSupplier condition) {
        long end = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition within %s", bound).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Without numbers that a link gets anew, and without what time changes. */
    private static String dump() {
        return String.join(
                "\n",
                anew(Commands.run("ip", "-d", "-o", "link", "show", BRIDGE)),
                anew(Commands.run("ip", "-d", "-o", "link", "show", HOST_LINK)),
                anew(Commands.run("ip", "-o", "address", "show", "dev", BRIDGE, "scope", "global")),
                Commands.run("sh", "-c", "ip neighbour show dev " + BRIDGE + " | sed 's/ [A-Z]* *$//' | sort"),
                Commands.run(
                        "sysctl",
                        "-a",
                        "--pattern",
                        "^net.ipv[46].conf." + BRIDGE
                                + ".(.*forwarding|route_localnet|rp_filter|disable_ipv6|accept_ra|accept_dad)$"),
                Commands.run("nft", "--stateless", "list", "table", "inet", "jnet"),
                Commands.run("nft", "--stateless", "list", "table", "bridge", "jnet"));
    }

    private static String anew(String links) {
        return links.replaceAll("(?m)^[0-9]+: ", "")
                .replaceAll("_timer +[0-9.]+", "")
                .replaceAll("port_(no|id) \\S+", "");
    }
}
