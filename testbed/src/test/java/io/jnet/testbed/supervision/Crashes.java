package io.jnet.testbed.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginCall;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A daemon that dies at the steps of what it is asked for. It is started again, and then an operation is either done or was never begun, in
 * the kernel and in the state; repeated, it succeeds.
 */
public final class Crashes {
    private static final int ENDLESS = 1000;
    private static final int STARTS = 10;

    private final Lab lab;
    private final CountedCalls steps;
    private final JnetDaemon jnet;

    private Crashes(Lab lab, CountedCalls steps, JnetDaemon jnet) {
        this.lab = lab;
        this.steps = steps;
        this.jnet = jnet;
    }

    /** Starts a daemon on a lab's host. */
    public static Crashes on(Lab lab) {
        CountedCalls steps = CountedCalls.in(lab.folder());
        return new Crashes(
                lab,
                steps,
                JnetDaemon.start(lab.host(), Death.build(lab.folder()).at(steps)));
    }

    /** The daemon. */
    public JnetDaemon daemon() {
        return jnet;
    }

    /**
     * Has the daemon die before steps of an operation in turn, until none is left. After one death what is there is looked at before the operation is
     * asked for again; after the next one it is asked for at once, as runtimes do.
     *
     * @param usually from one step to the next that it dies before; after as many days it has died before each
     * @param make asks for the operation
     * @param takeBack makes the host again what it was before
     */
    public void atStepsOf(String name, int usually, Supplier<CommandResult> make, Runnable takeBack) {
        atStepsOf(name, usually, make, make, takeBack);
    }

    /**
     * The same for an operation that a runtime does not simply repeat.
     *
     * @param again what the runtime does when it got no answer
     * @param partly each brings the host from what it was to what may remain when the operation has not come to its end
     */
    public void atStepsOf(
            String name,
            int usually,
            Supplier<CommandResult> make,
            Supplier<CommandResult> again,
            Runnable takeBack,
            Runnable... partly) {
        List<HostState> before = withRestart();
        steps.dieBefore(0);
        assertSucceeded(make.get(), name);
        Turn turn = Turn.ofToday(usually).within(steps.seen()).with(StepPlace.boundaries(steps.steps()));
        List<HostState> after = withRestart();
        assertThat(before.get(0).difference(after.get(0)))
                .as("a dump sees " + name)
                .isNotEmpty();
        takeBack.run();
        assertIsOneOf(before, name + ", taken back");
        List<HostState> possible = new ArrayList<>(before);
        possible.addAll(after);
        for (Runnable part : partly) {
            part.run();
            possible.addAll(withRestart());
            takeBack.run();
        }
        int looks = 0;
        int done = 0;
        for (int n : turn.steps().toArray()) {
            steps.dieBefore(n);
            CommandResult answer = make.get();
            boolean died = steps.reached();
            steps.dieBefore(0);
            if (!died) {
                assertSucceeded(answer, name);
                takeBack.run();
                assertIsOneOf(before, name + ", the end");
                System.out.printf(
                        "%s: died before %d of %s steps; %d of %d times it was done at the next start%n",
                        name, turn.triedBefore(n), turn.count(n), done, looks);
                return;
            }
            String where = "%s, died before step %d: %s".formatted(name, n, steps.what());
            jnet.waitForDeath();
            jnet.startAgain();
            if (turn.isWhole() || turn.isEven(n)) {
                looks++;
                done += after.contains(assertIsOneOf(possible, where + ", started again")) ? 1 : 0;
            }
            assertSucceeded(again.get(), where + ", repeated");
            assertIsOneOf(after, where + ", repeated");
            // What this leaves the next step finds.
            takeBack.run();
        }
        throw new AssertionError(name + " never ends");
    }

    /**
     * Has the daemon die before each step of what a container engine asks for in turn, with the engine's own calls, and start again at once, as
     * a service does. Whether the engine's user is told of it is the engine's matter; when they have cleaned up, all is as before.
     *
     * @param prepare what comes before, with a daemon that lives
     * @param deed what the user does
     * @param cleanUp what they do then, in any case; it must work
     */
    public void underAnEngine(String name, Runnable prepare, Runnable deed, Runnable cleanUp) {
        List<HostState> before = withRestart();
        for (int n = 1; n < ENDLESS; n++) {
            prepare.run();
            steps.dieBefore(n);
            AtomicBoolean reached = new AtomicBoolean();
            CompletableFuture<Void> restart = CompletableFuture.runAsync(() -> {
                jnet.waitForDeath();
                reached.set(steps.reached());
                steps.dieBefore(0);
                startAsAService();
            });
            deed.run();
            // Who has started it again does not count any more.
            boolean died = steps.reached() || reached.get();
            if (!died) {
                steps.dieBefore(0);
                jnet.kill();
            }
            restart.join();
            String where = "%s, died before step %d: %s".formatted(name, n, steps.what());
            cleanUp.run();
            HostState.requireOneOf(before, where, () -> state().withoutUnused());
            if (!died) {
                System.out.printf("%s: died before %d steps%n", name, n - 1);
                return;
            }
        }
        throw new AssertionError(name + " never ends");
    }

    /** A call that goes on alone meanwhile may have the state: then the daemon ends, and its service starts it once more. */
    private void startAsAService() {
        int attempts = 1;
        while (!jnet.tryToStart()) {
            assertThat(attempts++).as("starts in vain: " + jnet.log()).isLessThan(STARTS);
        }
    }

    /** The kinds of steps that there were, as names that do not depend on the network. */
    public Set<String> kinds() {
        return steps.kinds();
    }

    /** The state of now, and that after another start, which may do what can wait until then. */
    private List<HostState> withRestart() {
        HostState now = state();
        jnet.kill();
        jnet.startAgain();
        return List.of(now, state());
    }

    /**
     * Has the daemon die before steps of its start in turn.
     *
     * @param usually from one step to the next that it dies before
     * @param harm what is done to the host while no daemon runs, as a line for a shell: the start mends it
     */
    public void atStepsOfTheStart(int usually, String harm) {
        jnet.kill();
        lab.host().shell(harm);
        steps.dieBefore(0);
        jnet.startAgain();
        Turn turn = Turn.ofToday(usually).within(steps.seen()).with(StepPlace.boundaries(steps.steps()));
        HostState whole = state();
        for (int n : turn.steps().toArray()) {
            jnet.kill();
            lab.host().shell(harm);
            steps.dieBefore(n);
            boolean started = jnet.tryToStart();
            boolean died = steps.reached();
            steps.dieBefore(0);
            String where = "start, died before step %d: %s".formatted(n, steps.what());
            assertThat(started).as(where).isEqualTo(!died);
            if (!died) {
                assertIsOneOf(List.of(whole), "start");
                System.out.printf("start: died before %d of %s steps%n", turn.triedBefore(n), turn.count(n));
                return;
            }
            jnet.startAgain();
            assertIsOneOf(List.of(whole), where);
        }
        throw new AssertionError("the start never ends");
    }

    private HostState state() {
        assertThat(steps.unknown()).as("a system call that may be a step").isZero();
        return HostState.of(lab.host());
    }

    private HostState assertIsOneOf(List<HostState> expected, String where) {
        return HostState.requireOneOf(expected, where, this::state);
    }

    private static void assertSucceeded(CommandResult answer, String where) {
        assertThat(PluginCall.isError(answer))
                .as(where + " -> " + answer.everything())
                .isFalse();
    }
}
