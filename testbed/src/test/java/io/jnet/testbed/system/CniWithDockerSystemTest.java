package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.cni.CniCrowd;
import io.jnet.testbed.docker.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A hundred Docker containers and a hundred CNI ones on one network, started turn by turn, several at a time. */
@SystemTest
class CniWithDockerSystemTest {
    private static final int OF_EACH = 100;
    private static final int AT_A_TIME = 16;
    private static final int SAMPLE = 10;
    private static final String GATEWAY = "10.91.0.1";
    private static final int DOCKER_PORT = 23_000;
    private static final int CNI_PORT = 24_000;
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "mixed", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet"}%s}
            """;
    private static final String PUBLISH =
            ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": %d, \"containerPort\": 80}]}";

    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    @Test
    void eitherKindComesAndGoesBesideTheOther() throws Exception {
        LAB.createNetwork("mixed", "--ipam-driver", "jnet", "--subnet", "10.91.0.0/23", "-o", "io.jnet.name=mixed");
        ExecutorService callers = Executors.newFixedThreadPool(AT_A_TIME);
        try (CniCrowd crowd = CniCrowd.of(LAB.host(), OF_EACH)) {
            List<Attached> all = start(callers);
            List<Attached> docker = all.stream().filter(Attached::isDockers).toList();
            List<Attached> cni = all.stream().filter(one -> !one.isDockers()).toList();
            assertThat(all)
                    .extracting(Attached::address)
                    .doesNotHaveDuplicates()
                    .doesNotContain(GATEWAY);
            assertThat(ports()).contains(DOCKER_PORT, DOCKER_PORT + OF_EACH - 1, CNI_PORT, CNI_PORT + OF_EACH - 1);

            // Everyone the gateway and the next one, which is of the other kind mostly; the kernel's neighbour table
            // has not room for much more (docs/decisions/0008).
            assertReach(
                    callers,
                    all,
                    number ->
                            List.of(GATEWAY, all.get((number + 1) % all.size()).address()));
            List<String> sample = Stream.concat(
                            docker.stream().limit(SAMPLE), cni.stream().limit(SAMPLE))
                    .map(Attached::address)
                    .toList();
            assertReach(callers, List.of(docker.get(1), cni.get(1)), number -> sample);

            removeDockers(docker);
            assertReach(callers, cni, number -> List.of(GATEWAY));
            assertReach(
                    callers,
                    cni.subList(1, SAMPLE),
                    number -> List.of(cni.get(0).address()));
            assertThat(ports()).contains(CNI_PORT).doesNotContain(DOCKER_PORT);

            // The other way round, with new ones of Docker's.
            List<Attached> later = startDockers(callers, SAMPLE);
            assertThat(Stream.concat(later.stream(), cni.stream()))
                    .extracting(Attached::address)
                    .doesNotHaveDuplicates();
            crowd.all(AT_A_TIME, number -> call("DEL", number)).forEach(CniCall.Answer::succeeded);
            assertReach(callers, later, number -> List.of(GATEWAY, later.get(0).address()));
            assertThat(ports()).contains(DOCKER_PORT).doesNotContain(CNI_PORT);
        } finally {
            callers.shutdownNow();
        }
    }

    /**
     * A container of either kind.
     *
     * @param name Docker's id, or the namespace
     * @param namespace what nsenter(1) takes
     * @param address on the network
     */
    private record Attached(String name, String namespace, String address, boolean isDockers) {}

    private static List<Attached> start(ExecutorService callers) throws Exception {
        List<Callable<Attached>> work = new ArrayList<>();
        for (int number = 0; number < OF_EACH; number++) {
            int each = number;
            work.add(() -> startDocker(each));
            work.add(() -> startCni(each));
        }
        return all(callers, work);
    }

    private static List<Attached> startDockers(ExecutorService callers, int count) throws Exception {
        return all(
                callers,
                IntStream.range(0, count)
                        .mapToObj(number -> (Callable<Attached>) () -> startDocker(number))
                        .toList());
    }

    private static Attached startDocker(int number) {
        String id = LAB.docker()
                .docker(
                        "run",
                        "--detach",
                        "--network",
                        "mixed",
                        "--publish",
                        (DOCKER_PORT + number) + ":80",
                        Images.TOOLS,
                        "sleep",
                        "1000000")
                .orThrow()
                .text();
        String[] pidAndAddress = LAB.docker()
                .inspect(id, "{{.State.Pid}} {{(index .NetworkSettings.Networks \"mixed\").IPAddress}}")
                .split(" ", -1);
        return new Attached(id, "/proc/" + pidAndAddress[0] + "/ns/net", pidAndAddress[1], /* isDockers= */ true);
    }

    private static Attached startCni(int number) {
        JsonNode result = call("ADD", number).run(LAB.host()).result();
        String name = CniCrowd.name(number);
        return new Attached(name, "/run/netns/" + name, CniCrowd.address(result), /* isDockers= */ false);
    }

    private static CniCall call(String command, int number) {
        return CniCall.of(
                command, CniCrowd.name(number), CONFIGURATION.formatted(PUBLISH.formatted(CNI_PORT + number)));
    }

    private static void removeDockers(List<Attached> containers) {
        List<String> command = new ArrayList<>(List.of("rm", "--force"));
        containers.forEach(container -> command.add(container.name()));
        LAB.docker().docker(command).orThrow();
    }

    /**
     * Each of some containers gets an answer of its targets, by its place among them: one shell for each container, it costs more than its
     * pings.
     */
    private static void assertReach(ExecutorService callers, List<Attached> from, IntFunction<List<String>> targets)
            throws Exception {
        all(
                callers,
                IntStream.range(0, from.size())
                        .mapToObj(number -> (Callable<String>) () -> reach(from.get(number), targets.apply(number)))
                        .toList());
    }

    private static String reach(Attached from, List<String> targets) {
        String script =
                "for a in %s; do ping -q -c 1 -W 3 $a >/dev/null || ping -q -c 3 -W 3 $a >/dev/null || echo $a; done"
                        .formatted(String.join(" ", targets));
        String failed = LAB.host()
                .run("nsenter", "--net=" + from.namespace(), "--", "sh", "-c", script)
                .orThrow()
                .text();
        assertThat(failed).as("what %s does not reach", from).isEmpty();
        return failed;
    }

    private static List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        LAB.jnet().json("ports").forEach(port -> ports.add(port.path("hostPort").asInt()));
        return ports;
    }

    private static <T> List<T> all(ExecutorService callers, List<Callable<T>> work) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> result : callers.invokeAll(work)) {
            results.add(result.get());
        }
        return results;
    }
}
