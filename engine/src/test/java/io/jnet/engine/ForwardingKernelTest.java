package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.surroundings.HostConnection;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A host with two uplinks that does not forward, and a container on it; real packets.
 *
 * <pre>
 *  left 198.51.100.9 --- 198.51.100.1 up0 host up1 203.0.113.1 --- right 203.0.113.9
 *       2001:db8::9      2001:db8::1               2001:db8:1::1         2001:db8:1::9
 *                                    jbr-...  10.1.0.1 --- container 10.1.0.2
 *                                             fd00:1::1              fd00:1::2
 * </pre>
 */
@KernelTest
class ForwardingKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int LIFETIME_SECONDS = 2;
    /** An advertisement of RFC 4861 (4.2) with a hop limit of 64 and the router lifetime, and nothing else; the kernel adds the checksum. */
    private static final String ADVERTISE =
            "while sleep 0.3; do printf '\\206\\000\\000\\000\\100\\000\\000\\00%d\\000\\000\\000\\000\\000\\000\\000\\000'"
                    + " | socat -u - 'IP6-SENDTO:[ff02::1%%eth0]:58,setsockopt-int=41:18:255' 2>/dev/null; done";

    @TempDir
    private Path directory;

    private final FreshNamespace left = FreshNamespace.create();
    private final FreshNamespace right = FreshNamespace.create();
    private final FreshNamespace container = FreshNamespace.create();
    private StoredEngine engine;

    /** How the engine reaches the kernel. */
    enum Kernel {
        THIS,
        BEFORE_6_17;

        HostConnection connect() {
            return this == THIS ? KernelHost.connect(EngineSettings.DEFAULT) : OlderKernel.connect();
        }
    }

    @BeforeEach
    void connectUplinks() {
        for (String family : List.of("ipv4", "ipv6")) {
            for (String whole : List.of("all", "default")) {
                Commands.run("sysctl", "-qw", "net." + family + ".conf." + whole + ".forwarding=0");
            }
        }
        uplink("up0", "198.51.100", "2001:db8:", left);
        uplink("up1", "203.0.113", "2001:db8:1:", right);
    }

    @AfterEach
    void close() {
        if (engine != null) {
            engine.networks().forEach(network -> engine.deleteNetwork(network.id()));
            engine.close();
        }
        deleteLinks("up0", "up1");
        left.close();
        right.close();
        container.close();
    }

    @ParameterizedTest
    @EnumSource
    void noPacketPassesFromOneUplinkToTheOther(Kernel kernel) {
        assertBetweenUplinks(false);
        start(kernel);

        assertContainerReachesUplinks();
        assertBetweenUplinks(false);

        Commands.run("nft", "flush", "chain", "inet", "jnet", "not_ours4");
        Commands.run("nft", "flush", "chain", "inet", "jnet", "not_ours6");
        assertBetweenUplinks(true);

        engine.close();
        engine = StoredEngine.open(directory, kernel.connect());
        assertContainerReachesUplinks();
        assertBetweenUplinks(false);

        String settings = settings();
        engine.deleteNetwork(WEB);
        assertBetweenUplinks(false);
        assertThat(settings()).isNotEqualTo(settings);
    }

    @ParameterizedTest
    @EnumSource
    void afterwardsAllSettingsAreWhatTheyWere(Kernel kernel) {
        Commands.run(
                "sysctl",
                "-qw",
                "net.ipv4.conf.all.accept_redirects=0",
                "net.ipv4.conf.default.forwarding=1",
                "net.ipv4.conf.up1.forwarding=1",
                "net.ipv6.conf.default.forwarding=1",
                "net.ipv6.conf.up1.forwarding=1");
        String before = settings();
        start(kernel);
        assertThat(settings()).isNotEqualTo(before);

        engine.deleteNetwork(WEB);

        assertThat(settings()).isEqualTo(before);
        assertThat(engine.status().hostChanges()).isEmpty();
    }

    @Test
    void mainSwitchesStayOffAndEachChangeIsShown() {
        start(Kernel.THIS);

        assertThat(setting("net.ipv4.ip_forward") + setting("net.ipv6.conf.all.forwarding"))
                .isEqualTo("00");
        assertThat(engine.status().hostChanges())
                .extracting(change -> change.setting() + " " + change.before() + " " + change.now())
                .containsExactlyInAnyOrder(
                        "net.ipv4.conf.jbr-aaaa1111aaa.forwarding 0 1",
                        "net.ipv4.conf.up0.forwarding 0 1",
                        "net.ipv4.conf.up1.forwarding 0 1",
                        "net.ipv6.conf.jbr-aaaa1111aaa.force_forwarding 0 1",
                        "net.ipv6.conf.up0.force_forwarding 0 1",
                        "net.ipv6.conf.up1.force_forwarding 0 1");
    }

    @Test
    void whoSwitchesForwardingOnHasItAtOnce() {
        start(Kernel.THIS);
        assertBetweenUplinks(false);

        Commands.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");

        await(() -> engine.status().hostChanges().isEmpty());
        await(() -> !Commands.run("nft", "list", "table", "inet", "jnet").contains("up0"));
        assertBetweenUplinks(true);
        assertContainerReachesUplinks();
        assertThat(setting("net.ipv6.conf.up0.force_forwarding")).isEqualTo("0");

        Commands.run("sysctl", "-qw", "net.ipv4.ip_forward=0", "net.ipv6.conf.all.forwarding=0");

        await(() -> engine.status().hostChanges().size() == 6);
        assertContainerReachesUplinks();
        assertBetweenUplinks(false);
    }

    @Test
    void whoSwitchesForwardingOnWhileNoDaemonRunsHasItFromTheNextStartOn() {
        start(Kernel.THIS);
        engine.close();
        Commands.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        assertBetweenUplinks(false);

        engine = StoredEngine.open(directory);

        assertBetweenUplinks(true);
        engine.deleteNetwork(WEB);
        assertBetweenUplinks(true);
    }

    @ParameterizedTest
    @EnumSource
    void newUplinkIsOpenedForNetworksAndGuardedToo(Kernel kernel) {
        start(kernel);
        try (FreshNamespace third = FreshNamespace.create()) {
            uplink("up2", "192.0.2", "2001:db8:2:", third);

            await(() -> pings(container, "192.0.2.9"));
            await(() -> Commands.run("nft", "list", "set", "inet", "jnet", "opened6")
                    .contains("up2"));
            await(() -> pings(container, "2001:db8:2::9"));
            assertThat(answered(
                            ping(third, "203.0.113.9"),
                            ping(third, "2001:db8:1::9"),
                            ping(left, "192.0.2.9"),
                            ping(left, "2001:db8:2::9")))
                    .doesNotContain(true);
            if (kernel == Kernel.BEFORE_6_17) {
                await(() -> setting("net.ipv6.conf.up2.accept_ra").equals("2"));
            }
            Commands.run("ip", "link", "delete", "up2");
            await(() -> !engine.status().hostChanges().toString().contains("up2"));
        }
    }

    /** A network card has no kind in the kernel; among the interfaces that a namespace can have, lo is the one that has none either. */
    @Test
    void interfacesWithoutAKindAreGuardedToo() {
        Commands.run("ip", "route", "add", "192.0.2.0/24", "dev", "lo");
        start(Kernel.THIS);

        assertThat(pings(left, "192.0.2.9")).isFalse();

        assertThat(Commands.run("nft", "list", "chain", "inet", "jnet", "not_ours4"))
                .containsPattern("(?m)^\\s*counter packets [1-9][0-9]* bytes [0-9]+ drop$");
        Commands.run("ip", "route", "delete", "192.0.2.0/24", "dev", "lo");
    }

    /** Its bridge did not forward before; that it can be reached from the uplink is not for jnet to bring about. */
    @Test
    void bridgeOfOthersIsOpenedForNetworksOnly() {
        try (FreshNamespace guest = FreshNamespace.create()) {
            bridge("virbr0", "10.9.0", "fd00:9:", guest);
            start(Kernel.THIS);

            assertThat(answered(
                            ping(guest, "198.51.100.9"),
                            ping(guest, "2001:db8::9"),
                            ping(left, "10.9.0.2"),
                            ping(left, "fd00:9::2")))
                    .as("out, and in")
                    .doesNotContain(true);

            Commands.run("nft", "flush", "chain", "inet", "jnet", "not_ours4");
            Commands.run("nft", "flush", "chain", "inet", "jnet", "not_ours6");
            assertThat(reaches(guest, "198.51.100.9") && reaches(guest, "2001:db8::9"))
                    .isTrue();
            deleteLinks("vnet2", "virbr0");
        }
    }

    /** With br_netfilter, frames between ports of one bridge pass the forward hook: they are no business of the guard. */
    @Test
    void framesWithinABridgeOfOthersPass() {
        try (FreshNamespace one = FreshNamespace.create();
                FreshNamespace two = FreshNamespace.create()) {
            Commands.run(
                    "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1", "net.bridge.bridge-nf-call-ip6tables=1");
            bridge("virbr0", "10.9.0", "fd00:9:", one);
            port("virbr0", "10.9.0.3", "fd00:9::3", two);
            start(Kernel.THIS);

            assertThat(reaches(one, "10.9.0.3") && reaches(one, "fd00:9::3")).isTrue();

            engine.close();
            Commands.run("nft", "flush", "set", "inet", "jnet", "same_bridge");
            assertThat(pings(one, "10.9.0.3")).as("without that set").isFalse();
            engine = StoredEngine.open(directory);
            assertThat(reaches(one, "10.9.0.3")).isTrue();
            deleteLinks("vnet2", "vnet3", "virbr0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void routeFromRouterAdvertisementsOutlivesTwoLifetimes(Kernel kernel) throws Exception {
        left.call(() -> Commands.run("ip", "address", "add", "fe80::9/64", "dev", "eth0", "nodad"));
        Process router = left.call(() -> new ProcessBuilder("sh", "-c", ADVERTISE.formatted(LIFETIME_SECONDS)).start());
        try {
            Advertised advertised = new Advertised();
            await(() -> advertised.look() && hasAdvertisedRoute());
            start(kernel);

            Instant end = Instant.now().plusSeconds(2L * LIFETIME_SECONDS);
            while (Instant.now().isBefore(end)) {
                boolean there = hasAdvertisedRoute();
                assertThat(there || advertised.mayBeExpired())
                        .as("route from the router")
                        .isTrue();
                advertised.look();
                Thread.sleep(50);
            }
            // On a busy machine the router may be silent for a lifetime. A route that the kernel no longer takes never
            // comes back.
            await(ForwardingKernelTest::hasAdvertisedRoute);
            assertContainerReachesUplinks();

            // The opposite: forwarding as it would be without that care.
            Commands.run("sysctl", "-qw", "net.ipv6.conf.up0.accept_ra=1", "net.ipv6.conf.all.forwarding=1");
            await(() -> !hasAdvertisedRoute());
        } finally {
            router.descendants().forEach(ProcessHandle::destroyForcibly);
            router.destroyForcibly().waitFor();
        }
    }

    /** How long the router's last advertisement holds at least. */
    private static final class Advertised {
        private Instant looked = Instant.now();
        private long heard = count();
        private Instant end = Instant.MIN;

        /** Looks for new ones; says whether there ever was any. */
        boolean look() {
            Instant now = Instant.now();
            long count = count();
            if (count > heard) {
                // It came after the last look.
                end = looked.plusSeconds(LIFETIME_SECONDS);
            }
            heard = count;
            looked = now;
            return count > 0;
        }

        boolean mayBeExpired() {
            return !Instant.now().isBefore(end);
        }

        private static long count() {
            return Commands.run("cat", "/proc/net/dev_snmp6/up0")
                    .lines()
                    .filter(line -> line.startsWith("Icmp6InRouterAdvertisements"))
                    .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]))
                    .sum();
        }
    }

    private static boolean hasAdvertisedRoute() {
        try {
            // A list shows expired routes too, until they are collected.
            return succeeds(start("ip", "-6", "route", "get", "2001:db8:ffff::1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start(Kernel kernel) {
        engine = StoredEngine.open(directory, kernel.connect());
        engine.createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        Endpoint endpoint = engine.createEndpoint(endpointSpec(ONE, "10.1.0.2/24", "fd00:1::2/64"));
        engine.join(WEB, ONE, "sandbox");
        Commands.run("ip", "link", "set", endpoint.peerLink().value(), "netns", path(container), "name", "eth0");
        configure(container, "10.1.0.2/24", "fd00:1::2/64", "10.1.0.1", "fd00:1::1");
    }

    private void assertContainerReachesUplinks() {
        assertThat(reaches(container, "198.51.100.9")).isTrue();
        assertThat(reaches(container, "203.0.113.9")).isTrue();
        assertThat(reaches(container, "2001:db8::9")).isTrue();
        assertThat(reaches(container, "2001:db8:1::9")).isTrue();
    }

    private void assertBetweenUplinks(boolean passes) {
        BiFunction<FreshNamespace, String, Process> request =
                passes ? ForwardingKernelTest::requests : ForwardingKernelTest::ping;
        assertThat(answered(
                        request.apply(left, "203.0.113.9"),
                        request.apply(right, "198.51.100.9"),
                        request.apply(left, "2001:db8:1::9"),
                        request.apply(right, "2001:db8::9")))
                .as("left to right and back, IPv4 and IPv6")
                .containsExactly(passes, passes, passes, passes);
    }

    private static void uplink(String name, String prefix4, String prefix6, FreshNamespace peer) {
        Commands.run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", path(peer));
        Commands.run("ip", "link", "set", name, "up");
        Commands.run("ip", "address", "add", prefix4 + ".1/24", "dev", name);
        Commands.run("ip", "address", "add", prefix6 + ":1/64", "dev", name, "nodad");
        configure(peer, prefix4 + ".9/24", prefix6 + ":9/64", prefix4 + ".1", prefix6 + ":1");
    }

    private static void bridge(String name, String prefix4, String prefix6, FreshNamespace guest) {
        Commands.run("ip", "link", "add", name, "type", "bridge");
        Commands.run("ip", "link", "set", name, "up");
        Commands.run("ip", "address", "add", prefix4 + ".1/24", "dev", name);
        Commands.run("ip", "address", "add", prefix6 + ":1/64", "dev", name, "nodad");
        port(name, prefix4 + ".2", prefix6 + ":2", guest);
        guest.call(() -> Commands.run("ip", "route", "add", "default", "via", prefix4 + ".1"));
        guest.call(() -> Commands.run("ip", "-6", "route", "add", "default", "via", prefix6 + ":1"));
    }

    /** With their ends in other namespaces, which otherwise end with those: some time later. */
    private static void deleteLinks(String... names) {
        for (String name : names) {
            Commands.run("ip", "link", "delete", name);
        }
    }

    private static void port(String bridge, String address4, String address6, FreshNamespace guest) {
        String name = "vnet" + address4.substring(address4.lastIndexOf('.') + 1);
        Commands.run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", path(guest));
        Commands.run("ip", "link", "set", name, "master", bridge, "up");
        address(guest, address4 + "/24", address6 + "/64");
    }

    private static void configure(
            FreshNamespace peer, String address4, String address6, String gateway4, String gateway6) {
        address(peer, address4, address6);
        peer.call(() -> Commands.run("ip", "route", "add", "default", "via", gateway4));
        peer.call(() -> Commands.run("ip", "-6", "route", "add", "default", "via", gateway6));
    }

    private static void address(FreshNamespace peer, String address4, String address6) {
        peer.call(() -> Commands.run("ip", "link", "set", "eth0", "up"));
        peer.call(() -> Commands.run("ip", "address", "add", address4, "dev", "eth0"));
        peer.call(() -> Commands.run("ip", "address", "add", address6, "dev", "eth0", "nodad"));
    }

    private static String path(FreshNamespace namespace) {
        return namespace.call(() -> "/proc/" + Files.readSymbolicLink(Path.of("/proc/thread-self")) + "/ns/net");
    }

    /** Whether one of several gets an answer: the first may be lost to what neighbours have yet to find out. */
    private static boolean reaches(FreshNamespace from, String address) {
        return succeeds(requests(from, address));
    }

    /** Echo requests where an answer is due, on their way beside others. */
    private static Process requests(FreshNamespace from, String address) {
        // With a deadline ping(8) ends at its first answer, not after its first request.
        return from.call(() -> start("ping", "-c", "1", "-i", "0.2", "-w", "30", address));
    }

    private static boolean pings(FreshNamespace from, String address) {
        return succeeds(ping(from, address));
    }

    /** An echo request that need not be answered, on its way beside others. */
    private static Process ping(FreshNamespace from, String address) {
        return from.call(() -> start("ping", "-c", "1", "-W", "0.5", address));
    }

    private static List<Boolean> answered(Process... pings) {
        return Stream.of(pings).map(ForwardingKernelTest::succeeds).toList();
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static boolean succeeds(Process process) {
        try {
            return process.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String setting(String name) {
        return Commands.run("sysctl", "-n", name).strip();
    }

    /** All but random keys, and what bridges of networks bring and take. */
    private static String settings() {
        return String.join(
                "\n",
                Commands.run("sysctl", "-a", "--pattern", "^net\\.ipv[46]\\.(conf|ip_forward|neigh)")
                        .lines()
                        .filter(line -> !line.contains("stable_secret"))
                        .toList());
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("condition within %s", PATIENCE).isBefore(end);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
