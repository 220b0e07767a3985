package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What may be published, and what is refused. */
@SystemTest
class PublishSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final int CONTENDERS = 20;
    private static final Pattern MAPPING = Pattern.compile("(\\d+)/(tcp|udp) -> (\\S+):(\\d+)");

    @BeforeEach
    void createNetwork() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
    }

    private static Probe outside() {
        return Probe.on(LAB.lab().outside());
    }

    private static Probe outside2() {
        return Probe.on(LAB.lab().outside2());
    }

    private static Container serve(String... options) {
        List<String> all = new ArrayList<>(List.of("--network", "web"));
        all.addAll(List.of(options));
        return LAB.docker()
                .serve(all, Servers.tellPeer(80), Servers.tellSender(53))
                .listeningOn(80, 53);
    }

    @Test
    void tcpAndUdpOnEveryAddressOfTheHost() {
        Container server = LAB.docker()
                .serve(
                        List.of("--network", "web", "--publish", "8080:80", "--publish", "5353:53/udp"),
                        Servers.tellPeer(80),
                        Servers.tellSender(80),
                        Servers.tellSender(53))
                .listeningOn(80, 80, 53);
        assertThat(Probe.on(LAB.host()).udp(server.address("web"), 80))
                .as("a server of the other protocol")
                .isNotEmpty();
        assertThat(outside().tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(outside2().udp(Lab.HOST_SECOND_ADDRESS, 5353)).startsWith(Lab.OUTSIDE2_ADDRESS + " ");
        assertThat(outside().isAnswered(Lab.HOST_ADDRESS, 8080))
                .as("not the other protocol")
                .isFalse();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 80))
                .as("not the container's port")
                .isFalse();
    }

    @Test
    void onOneAddressOnly() {
        serve("--publish", Lab.HOST_SECOND_ADDRESS + ":8080:80");
        assertThat(outside2().tcp(Lab.HOST_SECOND_ADDRESS, 8080)).startsWith(Lab.OUTSIDE2_ADDRESS + " ");
        assertThat(Probe.on(LAB.host()).tcp(Lab.HOST_SECOND_ADDRESS, 8080)).isNotEmpty();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isFalse();
    }

    @Test
    void twoContainersShareAPortOnTwoAddresses() {
        Container one = serve("--publish", Lab.HOST_ADDRESS + ":8080:80");
        Container two = serve("--publish", Lab.HOST_SECOND_ADDRESS + ":8080:80");
        one.remove();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isFalse();
        assertThat(outside2().reaches(Lab.HOST_SECOND_ADDRESS, 8080)).isTrue();
        two.remove();
        assertThat(outside2().reaches(Lab.HOST_SECOND_ADDRESS, 8080)).isFalse();
    }

    @Test
    void aRangeKeepsItsPorts() {
        LAB.docker()
                .serve(
                        List.of("--network", "web", "--publish", "9000-9004:9000-9004"),
                        Servers.tellPeer(9000),
                        Servers.tellPeer(9004),
                        Servers.tellPeer(9005))
                .listeningOn(9000, 9004, 9005);
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 9000)).isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 9004)).isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 9005)).isFalse();
    }

    @Test
    void oneOfARangeAndARangeThatShifts() {
        Container one = serve("--publish", "8000-8010:80");
        Container other = serve("--publish", "8000-8010:80");
        assertThat(List.of(publishedPort(one, 80), publishedPort(other, 80))).containsExactly(8000, 8001);
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8001)).isTrue();
        one.remove();
        assertThat(publishedPort(serve("--publish", "8000-8001:80"), 80)).isEqualTo(8000);

        LAB.docker()
                .serve(
                        List.of("--network", "web", "--publish", "8020-8030:9000-9010"),
                        Servers.tellPeer(9000),
                        Servers.tellPeer(9010),
                        Servers.tellPeer(9011))
                .listeningOn(9000, 9010, 9011);
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8020)).isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8030)).isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8025))
                .as("nobody listens on 9005")
                .isFalse();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8031)).isFalse();
    }

    @Test
    void aPortLeftToTheEngineIsAFreeEphemeralOne() {
        Container chosen = serve("--publish", "80");
        Container all = serve("--expose", "80", "--publish-all");
        int first = publishedPort(chosen, 80);
        int other = publishedPort(all, 80);
        assertThat(first).isBetween(32_768, 60_999).isNotEqualTo(other);
        assertThat(outside().reaches(Lab.HOST_ADDRESS, first)).isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, other)).isTrue();
    }

    /** In the format of docker port, by the command that knows. */
    private static int publishedPort(Container container, int port) {
        CommandResult result = LAB.usesJnet()
                ? LAB.jnet().run("port", container.id())
                : LAB.docker().docker("port", container.id());
        return result.orThrow().lines().stream()
                .map(MAPPING::matcher)
                .filter(Matcher::matches)
                .filter(mapping -> mapping.group(1).equals(Integer.toString(port)))
                .mapToInt(mapping -> Integer.parseInt(mapping.group(4)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no mapping of " + port + " in " + result.output()));
    }

    @Test
    void aPortThatAProcessHoldsIsRefusedBeforeAnythingChanges() {
        LAB.docker()
                .docker(
                        "create",
                        "--name",
                        "late",
                        "--network",
                        "web",
                        "--publish",
                        "8084:80",
                        "--publish",
                        "8085:80",
                        Images.TOOLS,
                        "sleep",
                        "100")
                .orThrow();
        try (BackgroundProcess holder = LAB.host().start("socat", "TCP4-LISTEN:8085,fork,reuseaddr", "EXEC:cat")) {
            waitForListener(8085);
            HostDump before = HostDump.of(LAB.host());
            CommandResult refused = LAB.docker().docker("start", "late");
            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.errors()).contains("8085");
            if (LAB.usesJnet()) {
                assertThat(refused.errors())
                        .contains("8085/tcp")
                        .contains("0.0.0.0")
                        .contains("socat");
            }
            assertThat(Eventually.settled(SETTLED, () -> before.difference(HostDump.of(LAB.host())), String::isEmpty))
                    .isEmpty();
            assertThat(holder.isAlive()).isTrue();
        }
        assertThat(LAB.docker().docker("start", "late").everything())
                .as("without the holder")
                .isEqualToIgnoringNewLines("late");
    }

    @Test
    void aUdpPortThatAProcessHoldsIsRefused() {
        try (BackgroundProcess holder =
                LAB.host().start("socat", "UDP4-RECVFROM:5355,bind=127.0.0.1,fork", "EXEC:cat")) {
            Eventually.holds(holder + " is bound", Duration.ofSeconds(10), () -> LAB.host()
                    .shell("ss -lnu")
                    .contains(":5355 "));
            CommandResult refused =
                    LAB.docker().docker("run", "--network", "web", "--publish", "5355:53/udp", Images.TOOLS, "true");
            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.errors()).contains("5355");
        }
        LAB.docker()
                .docker("run", "--network", "web", "--publish", "5355:53/udp", Images.TOOLS, "true")
                .orThrow();
    }

    private static void waitForListener(int port) {
        Eventually.holds("a listener on port " + port, Duration.ofSeconds(10), () -> LAB.host()
                .shell("ss -lnt")
                .contains(":" + port + " "));
    }

    @Test
    void ofTwentySimultaneousRequestsForOnePortExactlyOneWins() {
        List<String> names = IntStream.range(0, CONTENDERS)
                .mapToObj(number -> "contender" + number)
                .toList();
        for (String name : names) {
            LAB.docker()
                    .docker(
                            "create",
                            "--name",
                            name,
                            "--network",
                            "web",
                            "--publish",
                            "8090:80",
                            Images.TOOLS,
                            "sleep",
                            "100")
                    .orThrow();
        }
        ExecutorService starters = Executors.newFixedThreadPool(CONTENDERS);
        try {
            List<CompletableFuture<CommandResult>> starts = names.stream()
                    .map(name ->
                            CompletableFuture.supplyAsync(() -> LAB.docker().docker("start", name), starters))
                    .toList();
            List<CommandResult> results =
                    starts.stream().map(CompletableFuture::join).toList();
            assertThat(results.stream().filter(CommandResult::succeeded)).hasSize(1);
            assertThat(results.stream().filter(result -> !result.succeeded()))
                    .allMatch(result -> result.errors().contains("8090"));
        } finally {
            starters.shutdown();
        }
    }

    @Test
    void whatIsPublishedOnLoopbackIsNotReachableFromOutside() {
        Container server = serve("--publish", "127.0.0.1:8080:80");
        assertThat(Probe.on(LAB.host()).tcp("127.0.0.1", 8080)).isNotEmpty();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isFalse();
        server.remove();
        serve("--publish", "8080:80");
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080))
                .as("the same port published for everyone")
                .isTrue();
    }

    @Test
    void aPacketForLoopbackThatDoesNotComeFromTheHostIsDropped() {
        assumeTrue(LAB.usesJnet(), "Docker has its own rules for this");
        serve("--publish", "127.0.0.1:8080:80");
        Container attacker = LAB.docker().idle("--network", "web");
        // Not the container's lo but the host is to be reached: no local route, and addresses of loopback allowed on
        // the wire.
        for (String command : List.of(
                "sysctl -q -w net.ipv4.conf.all.route_localnet=1",
                "ip address delete 127.0.0.1/8 dev lo",
                "ip route add 127.0.0.1/32 via 10.90.1.1 dev eth0 src " + attacker.address("web"))) {
            attacker.inNetwork(command.split(" ")).orThrow();
        }
        FirewallRules rules = FirewallRules.of(LAB);
        CommandResult open = rules.withoutDrops(() -> fromNetworkOf(attacker, "127.0.0.1", 8080));
        assertThat(open.succeeded()).as("without the rules").isTrue();
        assertThat(fromNetworkOf(attacker, "127.0.0.1", 8080).succeeded()).isFalse();
    }

    private static CommandResult fromNetworkOf(Container container, String address, int port) {
        return container.inNetwork("socat", "-T3", "-t3", "-", "TCP:%s:%d,connect-timeout=2".formatted(address, port));
    }
}
