package io.jnet.testbed.system;

import static io.jnet.testbed.daemon.PluginCall.DUAL;
import static io.jnet.testbed.daemon.PluginCall.ENDPOINT;
import static io.jnet.testbed.daemon.PluginCall.INTERNAL;
import static io.jnet.testbed.daemon.PluginCall.JOIN;
import static io.jnet.testbed.daemon.PluginCall.PROGRAM;
import static io.jnet.testbed.daemon.PluginCall.isError;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginCall;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.dump.ProcessDump;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.CountedCalls;
import io.jnet.testbed.supervision.Refusal;
import io.jnet.testbed.supervision.Turn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests that the daemon makes of the kernel are refused, or their answers are lost: for every operation the host is afterwards what it was
 * before, and the operation succeeds when it is repeated.
 */
@SystemTest
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailingRequestsSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** From one request to the next that is refused. */
    private static final int USUALLY = 3;

    /** There are some 650 requests, and calls can do without many of them. */
    private static final int LEAST_REFUSALS = 100;

    private static final int LEAST_FAILURES = 40;

    private static int refusals;
    private static int failed;
    private static Lab lab;
    private static CountedCalls requests;
    private static JnetDaemon jnet;

    @BeforeAll
    static void startADaemonWhoseRequestsAreCounted() {
        lab = Lab.open();
        requests = CountedCalls.in(lab.folder());
        // A firewall that drops what it does not know, so that jnet has to have itself admitted there.
        lab.host().shell("iptables -P FORWARD DROP && ip6tables -P FORWARD DROP");
        jnet = JnetDaemon.start(lab.host(), Refusal.build(lab.folder()).of(requests));
    }

    @AfterAll
    static void closeTheLab() {
        lab.close();
    }

    @Test
    void whateverTheKernelRefusesNothingIsLeft() {
        HostDump clean = HostDump.of(lab.host());

        buildWithRefusals(DUAL);
        // What the daemon makes once and keeps is there when everything was done once.
        for (PluginCall call : List.of(ENDPOINT, JOIN, PROGRAM, PROGRAM.back(), JOIN.back(), ENDPOINT.back())) {
            assertSucceeded(call.make(jnet), call.method());
        }
        // With one network, here and when everything on it is gone again: without the process that a refusal may have
        // ended.
        ProcessDump withOneNetwork = ProcessDump.of(jnet.pid());
        List.of(INTERNAL, ENDPOINT, JOIN, PROGRAM).forEach(FailingRequestsSystemTest::buildWithRefusals);
        assertThat(clean.difference(HostDump.of(lab.host())))
                .as("a dump sees what was made")
                .contains("links +", "nftables +", "iptables +", "sockets +");
        removeWithRefusals(PROGRAM.back(), PROGRAM);
        assertSucceeded(PROGRAM.make(jnet), "ports for Leave to take");
        removeWithRefusals(JOIN.back(), JOIN, PROGRAM);
        removeWithRefusals(ENDPOINT.back(), ENDPOINT, JOIN, JOIN.back());
        removeWithRefusals(INTERNAL.back(), INTERNAL);
        assertThat(lastDifference(() -> withOneNetwork.growth(ProcessDump.of(jnet.pid()))))
                .as("what the daemon holds more")
                .isEmpty();
        removeWithRefusals(DUAL.back(), DUAL, ENDPOINT, JOIN, PROGRAM);
        assertHostIs(clean, "the end");
        assertThat(refusals).as("requests that were refused").isGreaterThan(LEAST_REFUSALS);
        assertThat(failed).as("calls that failed").isGreaterThan(LEAST_FAILURES);
    }

    /** Makes a call with requests of it refused in turn, until none is left; then it has succeeded. What fails leaves the host as it was. */
    private static void buildWithRefusals(PluginCall call) {
        HostDump before = HostDump.of(lab.host());
        requestsOf(call, (answer, where) -> {
            if (!isError(answer)) {
                // It could do without that request.
                assertSucceeded(call.back().make(jnet), where);
            }
            assertHostIs(before, where);
        });
    }

    /** The same for a removal: what fails is done by the next attempt. {@code again} makes what was removed. */
    private static void removeWithRefusals(PluginCall call, PluginCall... again) {
        Consumer<String> rebuild = where -> List.of(again).forEach(each -> assertSucceeded(each.make(jnet), where));
        assertSucceeded(call.make(jnet), call.method());
        // Each veth pair that is made gets another address on its host's end, and outlives a Leave.
        HostDump after = HostDump.of(lab.host()).without("links");
        rebuild.accept(call.method());
        requestsOf(call, (answer, where) -> {
            assertSucceeded(call.make(jnet), where);
            assertHostIs(after, where);
            rebuild.accept(where);
        });
        assertHostIs(after, call.method());
    }

    private static void requestsOf(PluginCall call, BiConsumer<CommandResult, String> afterRefusal) {
        Turn turn = Turn.ofToday(USUALLY);
        int failedBefore = failed;
        int ended = 0;
        for (int n : turn.steps().toArray()) {
            requests.refuse(n);
            CommandResult answer = call.make(jnet);
            boolean refused = requests.reached();
            requests.refuse(0);
            if (!refused) {
                assertSucceeded(answer, call.method());
                System.out.printf(
                        "%s: %s requests, %d refused; %d failed the call, %d of them ended the daemon%n",
                        call.method(), turn.count(n), turn.triedBefore(n), failed - failedBefore, ended);
                return;
            }
            refusals++;
            if (isError(answer)) {
                failed++;
            }
            if (!answer.succeeded()) {
                // libnftables ends the process where it cannot read an answer (src/netlink.c, netlink_init_error).
                ended++;
                jnet.waitForDeath();
                jnet.startAgain();
            }
            afterRefusal.accept(
                    answer,
                    "%s, request %d refused: %s%n%s".formatted(call.method(), n, requests.what(), answer.everything()));
        }
        throw new AssertionError(call.method() + " never ends");
    }

    private static void assertSucceeded(CommandResult answer, String where) {
        assertThat(isError(answer)).as(where + " -> " + answer.everything()).isFalse();
    }

    /** Waits, because the daemon follows what changes on the host. */
    private static void assertHostIs(HostDump expected, String where) {
        assertThat(lastDifference(() -> expected.difference(HostDump.of(lab.host()))))
                .as(where)
                .isEmpty();
    }

    private static String lastDifference(Supplier<String> difference) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = difference.get();
        while (!last.isEmpty() && System.nanoTime() < deadline) {
            last = difference.get();
        }
        return last;
    }
}
