package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers that outlive dockerd ({@code --live-restore}). */
@SystemTest
class LiveRestoreSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd("--live-restore");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private HostDump before;

    @BeforeEach
    void createNetwork() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        // What the first container changes for the second one's sake.
        serve();
        LAB.docker()
                .docker("rm", "--force", LAB.docker().docker("ps", "--quiet").text())
                .orThrow();
        before = HostDump.of(LAB.host());
    }

    /** But for dockerd's own files, and the order of its own rules, which it writes again at each start. */
    @AfterEach
    void nothingIsLeft() {
        assertThat(before.difference(HostDump.of(LAB.host())).lines())
                .filteredOn(line -> !line.contains(" /run/docker/") && !line.endsWith(" in another order"))
                .isEmpty();
    }

    @Test
    void aContainerKeepsItsPortsWhileDockerdIsKilledAndIsItsAgainAfterwards() {
        Container container = serve();
        LAB.docker().kill();
        assertThat(answers()).isTrue();

        LAB.docker().startAgain();
        assertThat(LAB.docker().inspect(container.id(), "{{.State.Running}}")).isEqualTo("true");
        assertThat(answers()).isTrue();
        LAB.docker().docker("restart", "--time", "1", container.id()).orThrow();
        container.listeningOn(80);
        assertThat(answers()).isTrue();
        LAB.docker().docker("rm", "--force", container.id()).orThrow();
        assertThat(answers()).isFalse();
    }

    @Test
    void jnetMayEndAndStartWhileDockerdIsAway() {
        Container container = serve();
        LAB.docker().kill();
        LAB.jnet().kill();
        assertThat(answers()).isTrue();
        LAB.jnet().startAgain();
        assertThat(answers()).isTrue();
        LAB.docker().startAgain();
        LAB.docker().docker("rm", "--force", container.id()).orThrow();
    }

    @Test
    void aContainerThatEndsWhileDockerdIsAwayLeavesNothing() {
        Container container = serve();
        String pid = LAB.docker().inspect(container.id(), "{{.State.Pid}}");
        LAB.docker().kill();
        LAB.host().shell("kill -KILL " + pid);
        LAB.docker().startAgain();
        Eventually.holds("dockerd has noticed", PATIENCE, () -> LAB.docker()
                .inspect(container.id(), "{{.State.Running}}")
                .equals("false"));
        Container next = serve();
        assertThat(answers()).isTrue();
        LAB.docker().docker("rm", "--force", container.id(), next.id()).orThrow();
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
