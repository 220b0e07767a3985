package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cri.Containerd;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.Crashes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/**
 * The daemon dies at each step of what {@code ctr run --cni} asks it for, and of what follows when the container has ended, which {@code ctr} tells
 * nobody. It is started again meanwhile, and {@code jnet-cni} goes on alone where it can.
 */
@SystemTest
@EnabledIfSystemProperty(named = "jnet.long", matches = "true")
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CtrCrashSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 10;
    private static final String PLUGINS = "/opt/cni/bin";
    private static final String CONTAINER = "direct";

    private static Lab lab;
    private static Crashes crashes;
    private static Containerd containerd;

    @BeforeAll
    static void start() {
        lab = Lab.open();
        // Where ctr looks for plugins; the folder is on this machine only.
        lab.host().shell("mount -t tmpfs tmpfs /opt && mkdir -p /etc/cni/net.d");
        lab.host().shell("install -D --mode=600 /dev/null /run/jnet/cni.lock");
        crashes = Crashes.on(lab);
        containerd = Containerd.start(lab.host(), lab.folder());
        crashes.daemon()
                .run("cni", "install", "--bin-dir", PLUGINS, "--network", "direct", "--subnet", "10.87.0.0/24")
                .orThrow();
        // What is made once and stays is there when everything was done once.
        runUntilItRuns();
        remove();
    }

    @AfterAll
    static void close() {
        containerd.close();
        lab.close();
    }

    @Test
    void containersThatStart() {
        crashes.underAnEngine("ctr run --cni", () -> {}, CtrCrashSystemTest::runUntilItRuns, () -> {
            assertAllAgree();
            remove();
        });
    }

    @Test
    void containersThatEnd() {
        crashes.underAnEngine(
                "ctr task kill",
                CtrCrashSystemTest::runUntilItRuns,
                () -> {
                    containerd.killTask(CONTAINER);
                    awaitNothing();
                },
                CtrCrashSystemTest::remove);
    }

    /** Whoever runs it sees that it failed, removes what there is and tries again. */
    private static void runUntilItRuns() {
        for (int attempt = 1; !run(); attempt++) {
            assertThat(attempt).isLessThan(ATTEMPTS);
            remove();
        }
    }

    private static boolean run() {
        return containerd
                .ctr(
                        "run",
                        "--cgroup",
                        lab.host().controlGroup() + "/" + CONTAINER,
                        "--detach",
                        "--cni",
                        "docker.io/" + Images.TOOLS,
                        CONTAINER,
                        "sleep",
                        "1000000")
                .succeeded();
    }

    /** Until nothing of it is left, at jnet either: the namespace has ended, and that frees what it had. */
    private static void remove() {
        Eventually.holds("the container is gone", PATIENCE, () -> {
            containerd.ctr("task", "rm", "--force", CONTAINER);
            containerd.ctr("container", "rm", CONTAINER);
            return !containerd.ctr("container", "ls", "--quiet").text().contains(CONTAINER);
        });
        awaitNothing();
    }

    private static void awaitNothing() {
        Eventually.holds(
                "endpoint and lease are gone",
                PATIENCE,
                () -> isNothing("endpoint", "ls", "--json") && isNothing("ipam", "leases", "--json"));
    }

    /** Also that the daemon answers. The gateway's lease stays. */
    private static boolean isNothing(String... command) {
        CommandResult result = crashes.daemon().run(command);
        return result.succeeded() && !result.text().contains("k8s.io-" + CONTAINER);
    }

    /** Engine, links and container speak of the same address. */
    private static void assertAllAgree() {
        JsonNode endpoints = crashes.daemon().json("endpoint", "ls");
        assertThat(endpoints).as(endpoints.toString()).hasSize(1);
        String address = endpoints.at("/0/addresses/0").asString().replaceFirst("/.*", "");
        assertThat(containerd
                        .ctr(
                                "task",
                                "exec",
                                "--exec-id",
                                "look",
                                CONTAINER,
                                "ip",
                                "-o",
                                "-4",
                                "address",
                                "show",
                                "eth0")
                        .text())
                .contains(address);
        assertThat(lab.host().shell("ip -brief link show type veth").lines().filter(line -> line.startsWith("jv")))
                .hasSize(1);
        assertThat(Probe.on(lab.host()).pings(address)).isTrue();
    }
}
