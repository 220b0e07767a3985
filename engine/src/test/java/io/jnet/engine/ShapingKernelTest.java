package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.RateLimit;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel ends up with for endpoints whose traffic is shaped, and without. */
@KernelTest
class ShapingKernelTest {
    private static final String HOST_LINK = "jv1234567890abc";
    private static final String SHAPER = "ji1234567890abc";
    private static final Bandwidth BOTH =
            new Bandwidth(Optional.of(new RateLimit(8_000_000, 800_000)), Optional.of(RateLimit.of(100_000_000_000L)));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private StoredEngine engine;

    @BeforeEach
    void open() {
        engine = StoredEngine.open(directory);
        engine.createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
    }

    @AfterEach
    void close() {
        engine.networks().forEach(network -> engine.deleteNetwork(network.id()));
        engine.close();
    }

    @Test
    void bothDirectionsAreDelayed() {
        join(BOTH);

        assertThat(qdiscs(HOST_LINK)).contains("tbf", "root", "rate 8Mbit burst 100000b lat 25ms", "ingress ffff:");
        assertThat(qdiscs(SHAPER)).contains("tbf", "root", "rate 100Gbit", "lat 25ms");
        assertThat(filters()).contains("pref 27246 u32", "mirred (Egress Redirect to device " + SHAPER + ") stolen");
        assertThat(Commands.run("ip", "-d", "-o", "link", "show", SHAPER))
                .contains("ifb", "addrgenmode none", ",UP", ONE.value());
        assertThat(Commands.run("ip", "-o", "address", "show", "dev", SHAPER)).isEmpty();
        assertThat(engine.difference(WEB, ONE)).isEmpty();
    }

    /** It is no interface of the host's own: nothing is to be forwarded by it. */
    @Test
    void theHostForwardsNothingByTheLinkThatDelays() {
        join(BOTH);
        assertThat(Commands.run("sysctl", "-n", "net.ipv4.conf." + SHAPER + ".forwarding")
                        .strip())
                .isEqualTo("0");
    }

    @Test
    void aBurstOfLessThanAFrameLetsFramesPass() {
        join(new Bandwidth(Optional.of(new RateLimit(8_000_000, 8)), Optional.empty()));
        assertThat(qdiscs(HOST_LINK)).as("1522, which ticks show inexactly").contains("burst 1521b");
        assertThat(Commands.run("ip", "-o", "link")).doesNotContain(SHAPER);
        assertThat(engine.difference(WEB, ONE)).isEmpty();
    }

    @Test
    void nothingIsLeftOfAnEndpointThatWasShaped() {
        String before = dump();
        join(BOTH);
        engine.deleteEndpoint(WEB, ONE);
        Instant end = Instant.now().plus(PATIENCE);
        while (!dump().equals(before) && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(dump()).isEqualTo(before);
    }

    /** As when a container's namespace ends: the veth pair goes, the ifb link is in the host's namespace. */
    @Test
    void nothingIsLeftWhenTheVethPairGoesByItself() {
        join(BOTH);
        Commands.run("ip", "link", "delete", HOST_LINK);
        await(() -> engine.endpoints().isEmpty());
        assertThat(Commands.run("ip", "-o", "link")).doesNotContain(SHAPER);
    }

    @Test
    void nothingIsLeftWhenItGoesWhileNoDaemonRuns() {
        join(BOTH);
        engine.close();
        Commands.run("ip", "link", "delete", HOST_LINK);
        engine = StoredEngine.open(directory);
        assertThat(engine.endpoints()).isEmpty();
        assertThat(Commands.run("ip", "-o", "link")).doesNotContain(SHAPER);
    }

    /** The process may end between the request that makes the link and the one that names its owner. */
    @Test
    void aLinkThatACrashLeftWithoutItsOwnersNameIsKnown() {
        leaveUnnamed();
        engine.deleteEndpoint(WEB, ONE);
        assertThat(Commands.run("ip", "-o", "link")).doesNotContain(SHAPER);
        leaveUnnamed();
        engine.join(WEB, ONE, "sandbox");
        assertThat(Commands.run("ip", "-o", "link", "show", SHAPER)).contains("alias jnet");
        engine.deleteEndpoint(WEB, ONE);
        assertThat(Commands.run("ip", "-o", "link")).doesNotContain(SHAPER);
    }

    private void leaveUnnamed() {
        String mac = engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24").shapedTo(BOTH))
                .shaperMac()
                .toString();
        Commands.run("ip", "link", "add", SHAPER, "address", mac, "type", "ifb");
    }

    @Test
    void anotherLinkOfTheNameIsLeftAlone() {
        Commands.run("ip", "link", "add", SHAPER, "type", "ifb");
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24").shapedTo(BOTH));
        StoredEngineTest.assertRefused(
                ErrorCode.CONFLICT,
                () -> engine.join(WEB, ONE, "sandbox"),
                "link " + SHAPER + " exists and is not jnet's");
        assertThat(Commands.run("ip", "-o", "link")).contains(SHAPER).doesNotContain(HOST_LINK);
        Commands.run("ip", "link", "delete", SHAPER);
        engine.join(WEB, ONE, "sandbox");
        assertThat(engine.difference(WEB, ONE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qdisc delete dev " + HOST_LINK + " root",
                "qdisc delete dev " + HOST_LINK + " ingress",
                "qdisc delete dev " + SHAPER + " root",
                "qdisc change dev " + SHAPER + " root tbf rate 1gbit burst 1mb latency 25ms",
                "qdisc replace dev " + HOST_LINK + " root handle 7: htb",
                "filter delete dev " + HOST_LINK + " ingress",
            })
    void whatSomebodyTakesAwayIsSaidAndMendedAtTheNextStart(String change) {
        join(BOTH);
        String shaped = shaping();
        engine.close();
        engine = StoredEngine.open(directory);
        assertThat(shaping()).as("untouched").isEqualTo(shaped);

        Commands.run("sh", "-c", "tc " + change);
        assertThat(engine.difference(WEB, ONE)).isPresent();
        engine.close();
        engine = StoredEngine.open(directory);

        assertThat(engine.difference(WEB, ONE)).isEmpty();
        assertThat(withoutHandles(shaping())).isEqualTo(withoutHandles(shaped));
    }

    /** Without the link all that the container sends is lost. */
    @Test
    void aLinkThatSomebodyDeletesIsMadeAgainAtOnce() {
        join(BOTH);
        Commands.run("ip", "link", "delete", SHAPER);
        await(() -> engine.difference(WEB, ONE).isEmpty());
        assertThat(filters()).containsOnlyOnce("mirred (Egress Redirect to device " + SHAPER + ") stolen");
    }

    private void join(Bandwidth bandwidth) {
        engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24").shapedTo(bandwidth));
        engine.join(WEB, ONE, "sandbox");
    }

    private static String shaping() {
        return qdiscs(HOST_LINK) + qdiscs(SHAPER) + filters();
    }

    private static String qdiscs(String link) {
        return Commands.run("tc", "qdisc", "show", "dev", link);
    }

    private static String filters() {
        return Commands.run("tc", "filter", "show", "dev", HOST_LINK, "ingress");
    }

    private static String withoutHandles(String text) {
        return text.replaceAll("(tbf|index|fh) [0-9a-f:]+", "$1");
    }

    private static String dump() {
        return Commands.run("ip", "-o", "link").replaceAll("(?m)^[0-9]+: ", "")
                + Commands.run("tc", "qdisc", "show")
                + Commands.run("tc", "actions", "list", "action", "mirred")
                + Commands.run("nft", "list", "ruleset")
                + Commands.run("sysctl", "-a", "--pattern", "^net\\.ipv[46]\\.(conf|ip_forward)")
                        .lines()
                        .filter(line -> !line.contains("forwarding") && !line.contains("stable_secret"))
                        .collect(Collectors.joining("\n"));
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
