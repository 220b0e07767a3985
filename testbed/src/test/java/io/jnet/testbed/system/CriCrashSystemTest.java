package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.jnet.testbed.cri.Containerd;
import io.jnet.testbed.cri.CriClient;
import io.jnet.testbed.cri.Pod;
import io.jnet.testbed.cri.Pod.HostPort;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.Crashes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/**
 * The daemon dies at each step of what containerd's CRI service asks it for, and is started again meanwhile. What it began goes on alone or is asked
 * for again, as it really is: by {@code jnet-cni}, by containerd's own clean-up and by the kubelet, in whose place the test is.
 */
@SystemTest
@EnabledIfSystemProperty(named = "jnet.long", matches = "true")
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CriCrashSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 10;
    private static final int HOST_PORT = 8088;
    private static final Pod WEB = Pod.of("web", HostPort.tcp(HOST_PORT, 80));

    private static Lab lab;
    private static Crashes crashes;
    private static Containerd containerd;

    @BeforeAll
    static void start() {
        lab = Lab.open();
        lab.host().shell("install -D --mode=600 /dev/null /run/jnet/cni.lock");
        crashes = Crashes.on(lab);
        containerd = Containerd.start(lab.host(), lab.folder());
        Containerd.configure(crashes.daemon());
        Eventually.holds("containerd has seen the configuration", PATIENCE, () -> cri().networkReady());
        // What is made once and stays is there when everything was done once.
        cri().runPod(WEB);
        removePods();
    }

    @AfterAll
    static void close() {
        containerd.close();
        lab.close();
    }

    @Test
    void podsThatStart() {
        crashes.underAnEngine("RunPodSandbox", () -> {}, CriCrashSystemTest::runUntilItRuns, () -> {
            assertAllAgree();
            removePods();
        });
    }

    @Test
    void podsThatStop() {
        crashes.underAnEngine(
                "StopPodSandbox",
                () -> cri().runPod(WEB),
                () -> cri().pods().forEach(sandbox -> attempt(() -> cri().stopPod(sandbox))),
                CriCrashSystemTest::removePods);
    }

    /** As the kubelet does: the failed one is stopped and removed, and there is another attempt. */
    private static void runUntilItRuns() {
        for (int attempt = 1; ; attempt++) {
            try {
                cri().runPod(WEB);
                return;
            } catch (StatusRuntimeException failed) {
                assertThat(attempt).as(failed.getMessage()).isLessThan(ATTEMPTS);
                cri().pods().forEach(CriCrashSystemTest::remove);
            }
        }
    }

    /** Runtime, engine, leases, links and rules speak of the same pod. */
    private static void assertAllAgree() {
        assertThat(cri().pods()).hasSize(1);
        String address = cri().podStatus(cri().pods().get(0)).address();
        JsonNode endpoints = crashes.daemon().json("endpoint", "ls");
        assertThat(endpoints).as(endpoints.toString()).hasSize(1);
        assertThat(endpoints.at("/0/addresses/0").asString()).isEqualTo(address + "/24");
        List<JsonNode> leases = StreamSupport.stream(
                        crashes.daemon().json("ipam", "leases").spliterator(), false)
                .filter(lease -> lease.path("purpose").asString().equals("endpoint"))
                .toList();
        assertThat(leases).as(leases.toString()).hasSize(1);
        assertThat(leases.get(0).toString()).contains(address);
        assertThat(lab.host().shell("ip -brief link show type veth").lines().filter(line -> line.startsWith("jv")))
                .hasSize(1);
        assertThat(lab.host().shell("nft list table inet jnet"))
                .containsPattern("tcp \\. " + HOST_PORT + " [^:]*: " + address);
        assertThat(Probe.on(lab.host()).pings(address)).isTrue();
    }

    private static void removePods() {
        Eventually.holds("no pod is left", PATIENCE, () -> {
            cri().pods().forEach(CriCrashSystemTest::remove);
            return cri().pods().isEmpty();
        });
    }

    /** Again until it is gone. */
    private static void remove(String sandbox) {
        attempt(() -> cri().stopPod(sandbox));
        attempt(() -> cri().removePod(sandbox));
    }

    private static void attempt(Runnable request) {
        try {
            request.run();
        } catch (StatusRuntimeException refused) {
            // The kubelet logs it and tries again.
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }

    private static CriClient cri() {
        return containerd.client();
    }
}
