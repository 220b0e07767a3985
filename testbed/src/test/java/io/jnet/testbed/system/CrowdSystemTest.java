package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.crowd.AskAll;
import io.jnet.testbed.crowd.Crowd;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A thousand endpoints and published ports on one network. All answer at the same time over IPv4 and IPv6, though the kernel's neighbour
 * tables, shared by all namespaces of a machine, take 1,024 entries each: one for each container's gateway, and none for the host's
 * knowledge of the containers.
 */
@SystemTest
@Tag("alone") // load and time: nothing else may run beside it
class CrowdSystemTest {
    /** Two entries for each, the host's and the container's own, would be more than the table takes. */
    private static final int COUNT = 1000;

    private static final String ALL = "answered %1$d of %1$d ".formatted(2 * COUNT);
    private static final String FORGET = "for family in 4 6; do ip -$family neighbour show | grep extern_learn"
            + " | sed -E 's/^([^ ]+) dev ([^ ]+) .*/neighbour delete \\1 dev \\2/' | ip -batch -; done";
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** More than the daemon should hold, which bench/run measures: a leak, not a figure. */
    private static final long LARGEST_MEMORY = 140L * 1024;

    private static Lab lab;
    private static JnetDaemon jnet;

    @BeforeAll
    static void start() {
        lab = Lab.open();
        jnet = JnetDaemon.start(lab.host());
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @Test
    void allAnswerAtTheSameTime() throws IOException {
        HostDump before = HostDump.of(lab.host());
        Path stop = lab.folder().resolve("stop-crowd");
        BackgroundProcess crowd = lab.host().start(java(Crowd.class, JnetDaemon.PLUGIN_SOCKET, COUNT, stop));
        awaitLine(crowd, "started");
        assertThat(jnet.json("status").path("endpoints").asInt()).isEqualTo(COUNT);

        assertThat(ask(lab.host(), "containers")).startsWith(ALL);
        assertThat(ask(lab.outside(), Lab.HOST_ADDRESS + "," + Lab.HOST_ADDRESS_6))
                .startsWith(ALL);
        long memory = residentKilobytes(jnet.pid());
        System.out.printf("%s%nthe daemon holds %d KiB%n", crowd.log().strip(), memory);
        assertThat(memory).as("KiB of the daemon").isLessThan(LARGEST_MEMORY);

        // The opposite: what the host finds out by itself takes a place in the table for each container.
        lab.host().shell(FORGET);
        assertThat(ask(lab.host(), "containers", "3")).doesNotStartWith(ALL);

        Files.createFile(stop);
        assertThat(crowd.waitForEnd(PATIENCE)).as(crowd.log()).isZero();
        System.out.println(crowd.log().strip());
        assertThat(before.difference(HostDump.of(lab.host()))).isEmpty();
    }

    private static long residentKilobytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private static String ask(Machine client, String where, String... how) {
        List<String> command = java(AskAll.class, where, COUNT);
        command.addAll(List.of(how));
        String answer = client.run(command).orThrow().text();
        System.out.println(where + ": " + answer);
        return answer;
    }

    private static void awaitLine(BackgroundProcess process, String line) {
        Eventually.holds(line, PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("it has ended: " + process.log());
            }
            return process.log().contains(line);
        });
    }

    private static List<String> java(Class<?> program, Object... arguments) {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                "java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes, program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }
}
