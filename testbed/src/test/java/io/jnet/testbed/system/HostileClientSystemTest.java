package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.dump.ProcessDump;
import io.jnet.testbed.hostile.Crowd;
import io.jnet.testbed.hostile.Service;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client does on a socket costs the others no more than a moment, and the daemon no more than its memory. */
@SystemTest
@Tag("alone") // load and time: nothing else may run beside it
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileClientSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A second, and two for a machine that has other things to do; who has to wait for a slow client waits for longer. */
    private static final Duration MOMENT = Duration.ofSeconds(3);
    /** On a busy machine so many times what the same questions take when nobody disturbs them. */
    private static final int TIMES = 4;

    private static final int CROWD = 100;
    /** More than any socket has threads; what they ask for as long as the kernel takes it is worked off first. */
    private static final int DEAF = 50;

    private static final int IDLE = 1000;
    private static final int LOUD = 8;
    private static final long LARGE = 100_000_000;
    /** The heap has 64 MiB (the launcher's options); the rest is the JVM's own, code and threads. */
    private static final long MEMORY_KIB = 220 * 1024;

    private static final CniCall ADD = CniCall.of(
                    "ADD",
                    "c1",
                    """
                    {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "ipam": {"type": "jnet", "subnet": "10.88.0.0/24"}}
                    """)
            // By an executable that finds no distribution to go on alone with.
            .with("JNET_HOME", "/nonexistent");

    private static Lab lab;
    private static JnetDaemon jnet;

    private Duration quiet = PATIENCE;
    private ProcessDump before;
    private long pid;

    @BeforeAll
    static void start() {
        lab = Lab.open();
        jnet = JnetDaemon.start(lab.host());
        lab.host().shell("ip netns add c1");
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    /** With what the daemon makes once and keeps. */
    @BeforeEach
    void remember() {
        if (!jnet.isAlive()) {
            jnet.startAgain();
        }
        ADD.command("DEL").run(lab.host());
        long start = System.nanoTime();
        othersAreAnswered("before");
        quiet = Duration.ofNanos(System.nanoTime() - start);
        pid = jnet.pid();
        before = ProcessDump.of(pid);
    }

    @AfterEach
    void nothingIsKept() {
        assertThat(jnet.isAlive()).as(jnet.log()).isTrue();
        assertThat(jnet.pid()).isEqualTo(pid);
        assertThat(Eventually.settled(PATIENCE, () -> before.growth(ProcessDump.of(pid)), String::isEmpty))
                .isEmpty();
        othersAreAnswered("afterwards");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void aThousandThatConnectAndSayNothing(Service service) {
        try (Crowd idle = crowd(service, IDLE)) {
            othersAreAnswered("at once");
            othersAreAnswered("again");
            assertThat(idle).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void manyThatSendAByteAtATime(Service service) {
        String request = service.head() + service.part();
        try (Crowd slow = crowd(service, CROWD)) {
            slow.send(request.substring(0, 20));
            for (int i = 20; i < 28; i++) {
                slow.send(request.substring(i, i + 1));
                othersAreAnswered("after " + i + " bytes");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void manyThatNeverReadTheirAnswers(Service service) {
        try (Crowd deaf = crowd(service, DEAF)) {
            // As many as the kernel takes: at first into the daemon, then no more.
            deaf.fill(service.whole(), 1_000_000, Duration.ofSeconds(2).toNanos());
            othersAreAnswered("at once");
            othersAreAnswered("again");
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void manyThatSendAHundredMegabytes(Service service) {
        try (Crowd loud = crowd(service, LOUD)) {
            loud.send(service.head());
            CompletableFuture<Void> others = CompletableFuture.runAsync(() -> othersAreAnswered("meanwhile"));
            long sent = loud.flood(service.part(), LARGE, PATIENCE.toNanos());
            others.join();
            othersAreAnswered("then");
            System.out.printf("%s: %d bytes went out%n", service, sent);
            assertThat(sent).isGreaterThanOrEqualTo(LOUD * (long) service.taken());
            assertCutOff(loud);
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void oneLineThatNeverEnds(Service service) {
        try (Crowd loud = crowd(service, LOUD)) {
            loud.flood("A".repeat(0x10000), LARGE, Duration.ofSeconds(2).toNanos());
            othersAreAnswered("then");
            assertCutOff(loud);
        }
    }

    private static void assertCutOff(Crowd loud) {
        assertThat(Eventually.settled(PATIENCE, loud::open, open -> open == 0))
                .as("connections that the daemon has not closed")
                .isZero();
    }

    /** Docker's protocol is read into records, CNI's into a tree: a few bytes are an object of a hundred. */
    @ParameterizedTest
    @ValueSource(strings = {"\"Options\":{%s}", "\"other\":{%s}", "\"other\":[%s]"})
    void textThatIsSmallAndMakesManyObjects(String shape) throws Exception {
        // What it costs to read them the others pay for as well; that the daemon lives on is what is tested.
        quiet = PATIENCE;
        boolean list = shape.contains("[");
        String objects = IntStream.range(0, list ? 2_500_000 : 600_000)
                .mapToObj(i -> list ? "{}" : "\"a%d\":0".formatted(i))
                .collect(Collectors.joining(",", "{", "}"));
        objects = "{" + shape.formatted(objects.substring(1, objects.length() - 1)) + "}";
        assertThat(objects.length()).isLessThan(8_000_000);
        Path file = lab.folder().resolve("objects");
        Files.writeString(file, objects);
        CniCall check = ADD.command("CHECK").prefixed("timeout", "60");
        List<CompletableFuture<?>> hostile = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            hostile.add(CompletableFuture.runAsync(() -> lab.host()
                    .run(
                            "curl",
                            "--silent",
                            "--unix-socket",
                            JnetDaemon.PLUGIN_SOCKET,
                            "--data-binary",
                            "@" + file,
                            "http://plugin/NetworkDriver.CreateNetwork")));
            String configuration = objects;
            hostile.add(CompletableFuture.runAsync(
                    () -> new CniCall(check.prefix(), check.environment(), configuration).run(lab.host())));
        }
        othersAreAnswered("meanwhile");
        hostile.forEach(CompletableFuture::join);
        othersAreAnswered("then");
    }

    private static Crowd crowd(Service service, int size) {
        return Crowd.connect(lab.host().outsidePathOf(service.socket()), size);
    }

    private void othersAreAnswered(String when) {
        within(when + ", of the plugin", () -> assertThat(
                        jnet.post("/Plugin.Activate", "").orThrow().output())
                .contains("NetworkDriver"));
        within(when + ", of the commands", () -> assertThat(lab.host()
                        .run("curl", "-sS", "--fail", "--unix-socket", JnetDaemon.SOCKET, "http://jnet/v1/status")
                        .orThrow()
                        .output())
                .contains("networks"));
        within(when + ", of CNI", () -> ADD.run(lab.host()).result());
        within(when + ", of CNI's DEL", () -> ADD.command("DEL").run(lab.host()).succeeded());
        assertThat(memoryOf(jnet.pid())).as(when + ", KiB of memory").isLessThan(MEMORY_KIB);
    }

    private void within(String what, Runnable question) {
        long start = System.nanoTime();
        question.run();
        Duration busy = quiet.multipliedBy(TIMES);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as(what)
                .isLessThan(busy.compareTo(MOMENT) > 0 ? busy : MOMENT);
    }

    /** What is in memory of a process, in KiB (proc_pid_status(5)). */
    private static long memoryOf(long pid) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
