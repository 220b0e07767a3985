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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hundred containers with a published port each, started and removed twenty at a time. */
@SystemTest
@Tag("alone") // load and time: nothing else may run beside it
class HundredContainersSystemTest {
    private static final int CONTAINERS = 100;
    private static final int AT_A_TIME = 20;
    private static final int FIRST_PORT = 21_000;

    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    @Test
    void allAreReachableAndNothingIsLeft() throws Exception {
        HostDump before = HostDump.of(LAB.host());
        LAB.createNetwork("crowd", "--subnet", "10.97.0.0/24");
        List<Container> containers = new ArrayList<>();
        ExecutorService clients = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            containers.addAll(all(
                    clients,
                    IntStream.range(0, CONTAINERS)
                            .mapToObj(number -> (Callable<Container>) () -> start(number))
                            .toList()));
            Probe outside = Probe.on(LAB.lab().outside());
            for (int number = 0; number < CONTAINERS; number++) {
                int port = FIRST_PORT + number;
                Eventually.holds(
                        "an answer of port " + port,
                        Duration.ofSeconds(20),
                        () -> outside.reaches(Lab.HOST_ADDRESS, port));
                assertThat(outside.tcp(Lab.HOST_ADDRESS, port)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
            }
            if (LAB.usesJnet()) {
                assertThat(LAB.jnet().json("status").path("publishedPorts").asInt())
                        .isEqualTo(CONTAINERS);
            }
            all(
                    clients,
                    containers.stream()
                            .map(container -> (Callable<String>) () -> {
                                LAB.docker()
                                        .docker("rm", "--force", container.id())
                                        .orThrow();
                                return container.id();
                            })
                            .toList());
        } finally {
            clients.shutdownNow();
        }
        assertThat(LAB.docker().docker("ps", "--all", "--quiet").orThrow().text())
                .isEmpty();
        LAB.docker().removeEverything();
        assertThat(before.difference(HostDump.of(LAB.host()))).isEmpty();
    }

    private static Container start(int number) {
        return LAB.docker()
                .serve(List.of("--network", "crowd", "--publish", (FIRST_PORT + number) + ":80"), Servers.tellPeer(80));
    }

    private static <T> List<T> all(ExecutorService clients, List<Callable<T>> work) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> result : clients.invokeAll(work)) {
            results.add(result.get());
        }
        return results;
    }
}
