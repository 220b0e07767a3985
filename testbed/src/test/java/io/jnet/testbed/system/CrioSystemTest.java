package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.cni.CniContainer;
import io.jnet.testbed.cni.CniList;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The calls of CRI-O: VERSION of every plugin when it loads a configuration, STATUS until that succeeds and every five seconds from then
 * on, GC when it has become ready, CHECK right after each ADD, and host ports without any plugin.
 */
@SystemTest
class CrioSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    private static final Duration AT_ONCE = Duration.ofSeconds(10);
    private static final String PLUGINS = "/run/cni/bin";
    /** What CRI-O offers and jnet has no use for comes too when the configuration lists it. */
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "pods", "plugins": [{"type": "jnet", "isDefaultGateway": true, "ipMasq": true,
              "ipam": {"type": "jnet", "subnet": "10.85.0.0/24"},
              "capabilities": {"portMappings": true, "cgroupPath": true, "io.kubernetes.cri.pod-annotations": true}}]}
            """;

    private final List<String> namespaces = new ArrayList<>();

    @BeforeAll
    static void install() {
        LAB.jnet()
                .run("cni", "install", "--bin-dir", PLUGINS, "--conf-dir", "/run/cni/net.d", "--network", "installed")
                .orThrow();
    }

    @AfterEach
    void removePods() {
        namespaces.forEach(name -> host().run("ip", "netns", "delete", name).orThrow());
        Eventually.holds("pods go with their namespaces", JnetDaemon.UNASKED, () -> LAB.jnet()
                .json("endpoint", "ls")
                .isEmpty());
    }

    @Test
    void startsWithoutAnyPod() {
        CniList runtime = runtime();
        assertThat(runtime.versions())
                .allSatisfy(versions -> assertThat(versions).contains("1.1.0", "1.0.0", "0.4.0", "0.3.1"));
        isReady(runtime);
        runtime.collect();
        isReady(runtime);
    }

    @Test
    void whatIsInstalledIsAskedInTheNewestVersion() {
        CniList runtime = new CniList(host(), PLUGINS, host().shell("cat /run/cni/net.d/10-jnet.conflist"));
        isReady(runtime);
        CniContainer pod = pod("pod");
        assertThat(runtime.add(pod).path("cniVersion").asString()).isEqualTo("1.1.0");
        runtime.check(pod);
        isReady(runtime);
        runtime.collect();
        LAB.jnet().run("network", "rm", "installed").orThrow();
    }

    @Test
    void aPodComesIsCheckedAndGoes() {
        CniList runtime = runtime();
        CniContainer pod = pod("first");
        JsonNode result = runtime.add(pod);
        runtime.check(pod);
        isReady(runtime);
        assertThat(result.at("/ips/0/address").asString()).startsWith("10.85.0.");
        assertThat(Probe.on(host()).pings(address(result))).isTrue();
        assertThat(inside("first", "ping", "-c", "1", "-W", "2", Lab.OUTSIDE_ADDRESS))
                .isTrue();
        assertThat(LAB.jnet().json("ports")).as("CRI-O publishes ports itself").isEmpty();
        // The status of a pod asks again.
        runtime.check(pod);

        runtime.delete(pod);
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
        host().run("ip", "netns", "delete", "first").orThrow();
        namespaces.remove("first");
        runtime.delete(pod.withoutNamespace());
        runtime.withoutResults().delete(pod);
    }

    /** A pod that fails its CHECK does not start: it must say yes to what is right, and no to what is not. */
    @Test
    void aPodThatHasLostItsAddressFailsTheCheck() {
        CniList runtime = runtime();
        CniContainer pod = pod("lossy");
        String address = runtime.add(pod).at("/ips/0/address").asString();
        runtime.check(pod);
        host().run("ip", "-n", "lossy", "address", "delete", address, "dev", "eth0")
                .orThrow();
        assertThat(runtime.failedCheck(pod).error(103)).contains(address);
    }

    @Test
    void aRestartedRuntimeKeepsItsPodsAndCollectsTheOthers() {
        CniList runtime = runtime();
        CniContainer kept = pod("kept");
        String address = address(runtime.add(kept));
        runtime.add(pod("stale"));
        runtime.withoutResults().add(pod("forgotten"));
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(3);

        isReady(runtime);
        runtime.collect(kept);
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(1);
        runtime.check(kept);
        assertThat(Probe.on(host()).pings(address)).isTrue();
        runtime.collect(kept);
        runtime.check(kept);

        // As at a start when all pods were attached by multus, which keeps results of its own.
        runtime.withoutResults().collect();
        runtime.check(kept);
        assertThat(Probe.on(host()).pings(address)).isTrue();
        runtime.delete(kept);
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
    }

    @Test
    void podsThatStartTogetherPassTheirChecks() {
        CniList runtime = runtime();
        List<CniContainer> pods =
                IntStream.range(0, 8).mapToObj(number -> pod("pod" + number)).toList();
        ExecutorService workers = Executors.newFixedThreadPool(pods.size());
        try {
            CompletableFuture<?>[] starts = pods.stream()
                    .map(pod -> CompletableFuture.runAsync(
                            () -> {
                                runtime.add(pod);
                                runtime.check(pod);
                            },
                            workers))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(starts).join();
        } finally {
            workers.shutdown();
        }
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(pods.size());
        isReady(runtime);
    }

    @ParameterizedTest
    @CsvSource({"link set %s down, is down", "link delete %s, is gone: jnet builds it again"})
    void podsWhoseBridgeSomebodyTakesAwayAgainAndAgainMayNotBeConnected(String deed, String difference) {
        CniList runtime = runtime();
        JsonNode result = runtime.add(pod("apart"));
        String bridge = result.at("/interfaces/0/name").asString();

        Eventually.holds("jnet leaves the bridge as it is", Duration.ofSeconds(30), () -> {
            host().run(
                            "sh",
                            "-c",
                            "ip link show up dev %1$s | grep -q . && ip ".formatted(bridge) + deed.formatted(bridge));
            return LAB.jnet().json("status").at("/notes/0").asString("").contains(bridge);
        });
        assertThat(Probe.on(host()).pings(address(result))).isFalse();
        assertThat(Eventually.settled(AT_ONCE, runtime::status, CrioSystemTest::isInTime)
                        .error(51))
                .contains("pods", bridge, difference);
        assertThat(fastestStatus()).isLessThan(100);

        LAB.jnet().kill();
        LAB.jnet().startAgain();
        isReady(runtime);
        assertThat(Probe.on(host()).pings(address(result))).isTrue();
        assertThat(inside("apart", "ping", "-c", "1", "-W", "2", Lab.OUTSIDE_ADDRESS))
                .isTrue();
    }

    /** Soon: the first answer of a fresh Java runtime may take longer than STATUS waits. */
    private static void isReady(CniList runtime) {
        Eventually.settled(AT_ONCE, runtime::status, answer -> answer.command().succeeded())
                .succeeded();
    }

    /** Whether the daemon has said something itself. */
    private static boolean isInTime(CniCall.Answer answer) {
        return !answer.command().output().contains("in time");
    }

    /** CRI-O holds a lock while it asks, which the start of a pod waits for. */
    @Test
    void theStatusIsToldInTimeWhateverTheDaemonDoes() {
        CniList runtime = runtime();
        assertThat(fastestStatus()).isLessThan(100);
        LAB.jnet().pause();
        try {
            assertThat(runtime.status().error(50)).contains("in time");
            assertThat(fastestStatus()).isLessThan(200);
        } finally {
            LAB.jnet().resume();
        }
        isReady(runtime);
    }

    /** Milliseconds of the fastest of some calls, measured on the host, without the way there. */
    private static long fastestStatus() {
        String call = "CNI_COMMAND=STATUS CNI_CONTAINERID= CNI_NETNS= CNI_ARGS= CNI_IFNAME= CNI_PATH=" + PLUGINS + " "
                + PLUGINS
                + "/jnet <<<'{\"cniVersion\": \"1.1.0\", \"name\": \"pods\", \"type\": \"jnet\"}' >/dev/null";
        return host().shell("for i in 1 2 3 4 5; do begin=$(date +%s%N); " + call
                        + "; echo $((($(date +%s%N) - begin) / 1000000)); done")
                .lines()
                .mapToLong(Long::parseLong)
                .min()
                .orElseThrow();
    }

    private static CniList runtime() {
        return new CniList(host(), PLUGINS, CONFIGURATION);
    }

    private CniContainer pod(String name) {
        host().shell("ip netns add %1$s && ip -n %1$s link set lo up".formatted(name));
        namespaces.add(name);
        String arguments =
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=%1$s;K8S_POD_INFRA_CONTAINER_ID=%1$s;K8S_POD_UID=uid-%1$s";
        return CniContainer.named(name)
                .withArguments(arguments.formatted(name))
                .with("cgroupPath", "/kubepods/pod" + name)
                .with("io.kubernetes.cri.pod-annotations", Map.of("kubernetes.io/config.source", "api"));
    }

    private static boolean inside(String pod, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", pod));
        all.addAll(List.of(command));
        return host().run(all).succeeded();
    }

    private static String address(JsonNode result) {
        return result.at("/ips/0/address").asString().replaceFirst("/.*", "");
    }

    private static Machine host() {
        return LAB.host();
    }
}
