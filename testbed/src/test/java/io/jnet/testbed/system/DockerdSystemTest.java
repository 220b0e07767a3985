package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What dockerd's own life does to its containers' networks, which end with it or with its next start; and what they do while jnet is away. */
@SystemTest
class DockerdSystemTest {
    /** An OCI runtime that never makes a container. */
    private static final String HANGING = "/run/hanging-runtime";

    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd("--add-runtime", "hanging=" + HANGING);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MANY = 20;

    @BeforeEach
    void createNetwork() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
    }

    @Test
    void aRestartedDockerdBringsItsContainersBackWithTheirPorts() {
        Container container = serve("--restart", "always");
        LAB.docker().stop();
        assertThat(answers()).isFalse();
        LAB.docker().startAgain();
        Eventually.holds("the port answers", PATIENCE, DockerdSystemTest::answers);
        assertThat(LAB.jnet().json("ports")).hasSize(1);
        LAB.docker().docker("rm", "--force", container.id()).orThrow();
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
    }

    @Test
    void aKilledDockerdTakesBackWhatItsContainersHeld() {
        Container container = serve("--restart", "always");
        LAB.docker().kill();
        LAB.docker().startAgain();
        Eventually.holds("the port answers", PATIENCE, DockerdSystemTest::answers);
        assertThat(LAB.jnet().json("ports")).hasSize(1);
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(1);
        LAB.docker().docker("rm", "--force", container.id()).orThrow();
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
        assertThat(LAB.host().shell("ip -brief link")).doesNotContain("jv");
    }

    /** All at once, with the addresses and ports that they had, while the kernel ends the namespaces of before. */
    @Test
    void aKilledDockerdBringsManyContainersBack() {
        int first = 9000;
        for (int i = 0; i < MANY; i++) {
            LAB.docker().idle("--network", "web", "--restart", "always", "--publish", (first + i) + ":80");
        }
        LAB.docker().kill();
        LAB.docker().startAgain();
        Eventually.holds(
                "all of them run, with their ports",
                PATIENCE,
                () -> LAB.jnet().json("ports").size() == MANY);
        assertThat(LAB.docker().docker("ps", "--quiet").orThrow().text().lines())
                .hasSize(MANY);
        LAB.docker().removeEverything();
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
    }

    /** It has its interface from jnet, and nobody moves that into it any more. */
    @Test
    void aKilledDockerdDoesNotKeepThePortOfAContainerThatItWasStarting() {
        assumeTrue(LAB.docker().majorVersion() < 28, "later engines publish when the container has been made");
        LAB.host()
                .shell("printf '#!/bin/sh\\necho $$ >>/run/hanging-pids\\nexec sleep 1000000\\n' >" + HANGING
                        + "; chmod +x " + HANGING);
        BackgroundProcess starting = LAB.host()
                .start(
                        "docker",
                        "run",
                        "--detach",
                        "--runtime",
                        "hanging",
                        "--network",
                        "web",
                        "--publish",
                        "8080:80",
                        Images.TOOLS,
                        "true");
        Eventually.holds(
                "the container's port is published",
                PATIENCE,
                () -> LAB.jnet().json("ports").size() == 1
                        && LAB.host().run("test", "-s", "/run/hanging-pids").succeeded());
        LAB.docker().kill();
        // What the next dockerd asks the runtime for, to clean up, is to be answered.
        LAB.host().shell("printf '#!/bin/sh\\nexec runc \"$@\"\\n' >" + HANGING);
        LAB.host().shell("kill -9 $(cat /run/hanging-pids) 2>/dev/null; true");
        starting.waitForEnd(PATIENCE);
        LAB.docker().startAgain();

        serve();
        assertThat(answers()).isTrue();
        assertThat(LAB.jnet().json("ports")).hasSize(1);
    }

    /** dockerd gives the driver some fifteen seconds. */
    @Test
    void dockerdMayStartBeforeJnet() {
        Container container = serve("--restart", "always");
        LAB.docker().stop();
        LAB.jnet().stop();
        LAB.docker().startWithoutWaiting();
        Eventually.holds(
                "dockerd misses the driver", PATIENCE, () -> LAB.docker().log().contains("jnet, retrying in"));
        LAB.jnet().startAgain();
        LAB.docker().waitUntilItAnswers();
        Eventually.holds("the port answers", PATIENCE, DockerdSystemTest::answers);
        LAB.docker().docker("rm", "--force", container.id()).orThrow();
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
    }

    @Test
    void withoutJnetDockerdServesItsOwnNetworksAndSaysWhatIsMissing() {
        Container container = serve();
        LAB.docker().stop();
        LAB.jnet().stop();
        LAB.docker().startAgain();
        LAB.docker().idle().exec("true").orThrow();
        assertThat(LAB.docker().docker("start", container.id()).errors()).contains("jnet");

        LAB.jnet().startAgain();
        LAB.docker().docker("start", container.id()).orThrow();
        container.listeningOn(80);
        assertThat(answers()).isTrue();
    }

    @Test
    void containersRunOnWithoutJnet() {
        Container server = serve();
        LAB.jnet().kill();
        try {
            assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080))
                    .startsWith(Lab.OUTSIDE_ADDRESS + " ");
            assertThat(Probe.in(server).pings(Lab.OUTSIDE_ADDRESS)).isTrue();
        } finally {
            LAB.jnet().startAgain();
        }
    }

    @Test
    void aContainerRemovedWhileJnetIsAwayLeavesNothing() {
        Container server = serve();
        LAB.jnet().kill();
        // dockerd waits for the driver for about fifteen seconds and then forgets the endpoint all the same.
        LAB.docker().docker("rm", "--force", server.id());
        LAB.jnet().startAgain();
        Eventually.holds("the port is free again", Duration.ofSeconds(10), () -> !answers());
        Container again = serve();
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        again.remove();
        assertThat(LAB.host().shell("ip -brief link")).doesNotContain("jv");
    }

    private static boolean answers() {
        return Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8080);
    }

    private static Container serve(String... options) {
        List<String> all = new ArrayList<>(List.of("--network", "web", "--publish", "8080:80"));
        all.addAll(List.of(options));
        return LAB.docker().serve(all, Servers.tellPeer(80)).listeningOn(80);
    }
}
