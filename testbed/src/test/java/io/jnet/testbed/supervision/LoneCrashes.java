package io.jnet.testbed.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Calls of {@code jnet-cni} on a host without a daemon, whose {@code jnet cni} dies at the steps of what it is asked for. The next call, or the
 * next daemon, finds what was there before the call or what is there after it.
 */
public final class LoneCrashes {
    private final Lab lab;
    private final CountedCalls steps;
    private final Path home;
    private final JnetDaemon jnet;
    private final List<List<String>> begun = new ArrayList<>();

    private LoneCrashes(Lab lab, CountedCalls steps, Path home, JnetDaemon jnet) {
        this.lab = lab;
        this.steps = steps;
        this.home = home;
        this.jnet = jnet;
    }

    /** Prepares calls on a lab's host; no daemon runs there but when a state is looked at. */
    public static LoneCrashes on(Lab lab) {
        CountedCalls steps = CountedCalls.in(lab.folder());
        List<String> command = new ArrayList<>(Death.build(lab.folder()).at(steps));
        command.add(JnetDaemon.distribution().resolve("bin/jnet").toString());
        Path home = lab.folder().resolve("home");
        write(home.resolve("bin/jnet"), String.join(" ", command) + " \"$@\"");
        write(home.resolve("bin/alone"), String.join(" ", command) + " cni");
        JnetDaemon jnet = JnetDaemon.start(lab.host());
        jnet.kill();
        return new LoneCrashes(lab, steps, home, jnet);
    }

    private static void write(Path script, String command) {
        try {
            Files.createDirectories(script.getParent());
            Files.writeString(script, "#!/bin/sh\nexec " + command + "\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes a call, of which {@code jnet cni} lives as long as it is not told to die. {@code jnet-cni} passes STATUS on only where a daemon of another
     * network namespace answers: here it goes to {@code jnet cni} as that would pass it on.
     */
    public CommandResult run(CniCall call) {
        return isStatus(call)
                ? call.run(lab.host(), home.resolve("bin/alone").toString()).command()
                : call.with("JNET_HOME", home.toString()).run(lab.host()).command();
    }

    /** The kinds of steps that there were. */
    public Set<String> kinds() {
        return steps.kinds();
    }

    private static boolean isStatus(CniCall call) {
        return call.environment().get("CNI_COMMAND").equals("STATUS");
    }

    /**
     * Has the process die before steps of a call in turn, until none is left. After one death the daemon comes next, and a DEL then, after the
     * next one the runtime asks again.
     *
     * @param usually from one step to the next that it dies before; after as many days it has died before each
     * @param call what dies
     * @param again what the runtime does next, and must succeed
     * @param takeBack brings the host from what is there after the call to what was there before, whatever there is of it
     */
    public void atStepsOf(String name, int usually, CniCall call, Runnable again, Runnable takeBack) {
        HostState before = withDaemon(this::look);
        steps.dieBefore(0);
        assertSucceeded(run(call), name);
        Turn turn = Turn.ofToday(usually).within(steps.seen()).with(newBoundaries());
        HostState after = withDaemon(() -> {
            HostState made = look();
            takeBack(takeBack, before, name + ", taken back");
            return made;
        });
        int looks = 0;
        int done = 0;
        for (int n : turn.steps().toArray()) {
            steps.dieBefore(n);
            CommandResult answer = run(call);
            boolean died = steps.reached();
            steps.dieBefore(0);
            assertThat(steps.unknown()).as("a system call that may be a step").isZero();
            if (!died) {
                assertSucceeded(answer, name);
                withDaemon(() -> takeBack(takeBack, before, name + ", the end"));
                System.out.printf(
                        "%s alone: died before %d of %s steps; %d of %d times it was done%n",
                        name, turn.triedBefore(n), turn.count(n), done, looks);
                return;
            }
            String where = "%s alone, died before step %d: %s".formatted(name, n, steps.what());
            if (!isStatus(call)) {
                assertThat(answer.output())
                        .as(where + ", as the runtime reads it")
                        .contains("\"code\":");
            }
            boolean looked = turn.isEven(n);
            if (!looked) {
                again.run();
            }
            HostState found = withDaemon(() -> {
                HostState first = looked
                        ? find(List.of(before, after), where + ", a daemon")
                        : find(List.of(after), where + ", asked again");
                // What this leaves the next look finds.
                takeBack.run();
                return first;
            });
            looks += looked ? 1 : 0;
            done += looked && found.equals(after) ? 1 : 0;
        }
        throw new AssertionError(name + " never ends");
    }

    /** Those after the steps with which another call has begun: what it did there it has died before. */
    private Set<Integer> newBoundaries() {
        List<String> now = steps.steps();
        int known = begun.stream()
                .mapToInt(other -> (int) IntStream.range(0, Math.min(other.size(), now.size()))
                        .takeWhile(index -> other.get(index).equals(now.get(index)))
                        .count())
                .max()
                .orElse(0);
        begun.add(now);
        Set<Integer> boundaries = StepPlace.boundaries(now);
        boundaries.removeIf(step -> step <= known);
        return boundaries;
    }

    /** By the daemon, which answers at once. */
    private HostState takeBack(Runnable takeBack, HostState before, String where) {
        takeBack.run();
        return find(List.of(before), where);
    }

    private HostState look() {
        return HostState.of(lab.host());
    }

    /** Which of the expected ones the daemon finds, or comes to. */
    private HostState find(List<HostState> expected, String where) {
        return HostState.requireOneOf(expected, where, this::look);
    }

    /** What a daemon finds that starts now; it ends again, as a service that is killed. */
    private HostState withDaemon(Supplier<HostState> look) {
        jnet.startAgain();
        try {
            return look.get();
        } finally {
            jnet.kill();
        }
    }

    private static void assertSucceeded(CommandResult answer, String where) {
        assertThat(answer.succeeded()).as(where + " -> " + answer.everything()).isTrue();
    }
}
