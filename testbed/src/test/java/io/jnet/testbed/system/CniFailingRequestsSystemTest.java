package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.cni.CniFailure;
import io.jnet.testbed.cni.InterfaceOfAnother;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.dump.EngineDump;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.CountedCalls;
import io.jnet.testbed.supervision.Refusal;
import io.jnet.testbed.supervision.Turn;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each request that an ADD or a DEL of CNI makes of the kernel is refused once, the answer to {@code jnet-cni} among them: an ADD that
 * fails has changed nothing, and the next one succeeds; what a DEL leaves, the next one removes.
 */
@SystemTest
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CniFailingRequestsSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.88.0.0/24"}], [{"subnet": "fd00:88::/64"}]]},
             "runtimeConfig": {"portMappings": [{"hostPort": 8088, "containerPort": 80, "protocol": "tcp"},
                                                {"hostPort": 5353, "containerPort": 53, "protocol": "udp"}]}}
            """;
    private static final String AFTER_ANOTHER =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet",
             "prevResult": {"interfaces": [{"name": "eth0", "sandbox": "/run/netns/c1"}],
                            "ips": [{"address": "10.87.0.2/24", "interface": 0}]},
             "runtimeConfig": {"bandwidth": {"ingressRate": 8000000, "egressRate": 4000000},
                               "portMappings": [{"hostPort": 8088, "containerPort": 80, "protocol": "tcp"}]}}
            """;
    private static final CniCall ADD = CniCall.of("ADD", "c1", CONFIGURATION);
    private static final CniCall DEL = ADD.command("DEL");

    private static Lab lab;
    private static CountedCalls requests;
    private static JnetDaemon jnet;
    private static int ended;

    @BeforeAll
    static void startADaemonWhoseRequestsAreCounted() {
        lab = Lab.open();
        requests = CountedCalls.in(lab.folder());
        // A firewall that drops what it does not know, so that jnet has to have itself admitted there.
        lab.host().shell("iptables -P FORWARD DROP && ip6tables -P FORWARD DROP && ip netns add c1");
        jnet = JnetDaemon.start(lab.host(), Refusal.build(lab.folder()).of(requests));
        // A call whose daemon ended goes on alone, under this lock.
        lab.host().shell("install --mode=600 /dev/null /run/jnet/cni.lock");
        // What the daemon makes once and keeps is there when everything was done once.
        ADD.run(lab.host()).result();
        DEL.run(lab.host()).succeeded();
        removeTheNetwork();
    }

    @AfterAll
    static void closeTheLab() {
        lab.close();
    }

    @Test
    void nothingIsLeftOfAnAdditionThatFails() {
        ADD.run(lab.host()).result();
        DEL.run(lab.host()).succeeded();
        State before = State.now();
        requestsOf(ADD, 3, 10, (answer, where) -> {
            if (!answer.command().succeeded()) {
                CniFailure.check(answer, where);
                assertIs(before, where);
                ADD.run(lab.host()).result();
            }
            DEL.run(lab.host()).succeeded();
        });
        DEL.run(lab.host()).succeeded();
        assertIs(before, "the end");
        removeTheNetwork();
    }

    /** A few of its requests: there are hundreds, and FailingRequestsSystemTest has those of a network. */
    @Test
    void nothingIsLeftOfAnAdditionThatMakesItsNetworkAndFails() {
        State before = State.now();
        requestsOf(ADD, 18, 5, (answer, where) -> {
            if (!answer.command().succeeded()) {
                CniFailure.check(answer, where);
                assertIs(before, where);
                ADD.run(lab.host()).result();
            }
            DEL.run(lab.host()).succeeded();
            removeTheNetwork();
        });
        DEL.run(lab.host()).succeeded();
        removeTheNetwork();
        assertIs(before, "the end");
    }

    @Test
    void whatADeletionLeavesTheNextOneRemoves() {
        ADD.run(lab.host()).result();
        DEL.run(lab.host()).succeeded();
        State before = State.now();
        ADD.run(lab.host()).result();
        assertThat(before.difference(State.now()))
                .as("a dump sees what was made")
                .contains("links +", "nftables +", "10.88.0.2");
        requestsOf(DEL, 3, 5, (answer, where) -> {
            if (!answer.command().succeeded()) {
                CniFailure.check(answer, where);
            }
            DEL.run(lab.host()).succeeded();
            assertIs(before, where);
            ADD.run(lab.host()).result();
        });
        assertIs(before, "the end");
        removeTheNetwork();
    }

    /** After another plugin, which has made the interface; with the network's own requests, of which a few are enough. */
    @Test
    void nothingIsLeftOfAnAdditionAfterAnotherPluginThatFails() {
        try (InterfaceOfAnother made = InterfaceOfAnother.make(lab.host(), "c1")) {
            assertThat(made).isNotNull();
            State before = State.now();
            CniCall add = CniCall.of("ADD", "c1", AFTER_ANOTHER);
            CniCall delete = add.command("DEL");
            requestsOf(add, 10, 5, (answer, where) -> {
                if (!answer.command().succeeded()) {
                    CniFailure.check(answer, where);
                    assertIs(before, where);
                    add.run(lab.host()).result();
                }
                delete.run(lab.host()).succeeded();
                removeTheNetwork();
            });
            delete.run(lab.host()).succeeded();
            removeTheNetwork();
            assertIs(before, "the end");
        }
    }

    /** The host, the container, and what the daemon knows. */
    private record State(HostDump host, String container, String engine) {
        static State now() {
            startAgainIfEnded();
            return new State(
                    HostDump.of(lab.host()),
                    lab.host().shell("ip -n c1 -brief address; ip -n c1 route"),
                    EngineDump.of(lab.host()));
        }

        String difference(State later) {
            String difference = host.difference(later.host);
            if (!container.equals(later.container)) {
                difference += "\ncontainer " + container + " -> " + later.container;
            }
            if (!engine.equals(later.engine)) {
                difference += "\nengine " + engine + " -> " + later.engine;
            }
            return difference;
        }
    }

    /**
     * @param usually from one request to the next that is refused
     * @param least more than so many are refused, or this shows nothing
     */
    private static void requestsOf(
            CniCall call, int usually, int least, BiConsumer<CniCall.Answer, String> afterRefusal) {
        Turn turn = Turn.ofToday(usually);
        int failed = 0;
        ended = 0;
        for (int n : turn.steps().toArray()) {
            requests.refuse(n);
            CniCall.Answer answer = call.run(lab.host());
            boolean refused = requests.reached();
            requests.refuse(0);
            if (!refused) {
                answer.command().orThrow();
                System.out.printf(
                        "%s: %s requests, %d refused; %d failed the call, %d ended the daemon%n",
                        call.environment().get("CNI_COMMAND"), turn.count(n), turn.triedBefore(n), failed, ended);
                assertThat(turn.triedBefore(n)).as("requests that were refused").isGreaterThan(least);
                assertThat(failed).as("calls that failed").isPositive();
                return;
            }
            if (!answer.command().succeeded()) {
                failed++;
            }
            startAgainIfEnded();
            afterRefusal.accept(
                    answer,
                    "request %d refused: %s%n%s"
                            .formatted(n, requests.what(), answer.command().everything()));
        }
        throw new AssertionError("it never ends");
    }

    /**
     * libnftables ends the process where it cannot read an answer (src/netlink.c, netlink_init_error) or open a socket (src/iface.c): the
     * call goes on alone then.
     */
    private static void startAgainIfEnded() {
        if (!EngineDump.isAnswered(lab.host())) {
            ended++;
            jnet.waitForDeath();
            jnet.startAgain();
        }
    }

    private static void removeTheNetwork() {
        startAgainIfEnded();
        lab.host()
                .shell("curl -sS --fail --unix-socket %s -X DELETE http://jnet/v1/networks/web"
                        .formatted(JnetDaemon.SOCKET));
    }

    /** Waits, because the daemon follows what changes on the host. */
    private static void assertIs(State expected, String where) {
        Supplier<String> difference = () -> expected.difference(State.now());
        assertThat(Eventually.settled(PATIENCE, difference, String::isEmpty))
                .as(where)
                .isEmpty();
    }
}
