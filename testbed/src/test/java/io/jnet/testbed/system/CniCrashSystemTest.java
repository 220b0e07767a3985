package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.cni.InterfaceOfAnother;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.Crashes;
import io.jnet.testbed.supervision.StepKinds;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The daemon dies at steps of each operation of CNI. {@code jnet-cni} goes on alone where it can; where it cannot, the runtime deletes what
 * it asked for.
 */
@SystemTest
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CniCrashSystemTest {
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.88.0.0/24"}], [{"subnet": "fd00:88::/64"}]]},
             "runtimeConfig": {"ips": ["10.88.0.2/24", "fd00:88::2/64"],
                               "bandwidth": {"ingressRate": 8000000, "egressRate": 4000000},
                               "portMappings": [{"hostPort": 8088, "containerPort": 80, "protocol": "tcp"},
                                                {"hostPort": 5353, "containerPort": 53, "protocol": "udp"}]}%s}
            """;
    private static final String AFTER_ANOTHER =
            """
            {"cniVersion": "1.1.0", "name": "other", "type": "jnet",
             "prevResult": {"interfaces": [{"name": "eth0", "sandbox": "/run/netns/c2"}],
                            "ips": [{"address": "10.87.0.2/24", "interface": 0}]},
             "runtimeConfig": {"bandwidth": {"ingressRate": 8000000, "egressRate": 4000000},
                               "portMappings": [{"hostPort": 8089, "containerPort": 80, "protocol": "tcp"}]}}
            """;
    private static final CniCall ADD_OR_ALONE = CniCall.of("ADD", "c1", CONFIGURATION.formatted(""));
    /** By an executable that finds no distribution to go on alone with. */
    private static final CniCall ADD = ADD_OR_ALONE.with("JNET_HOME", "/nonexistent");

    private static final CniCall DEL = ADD.command("DEL");
    private static final CniCall GC = CniCall.of(
                    "GC", "", CONFIGURATION.formatted(", \"cni.dev/valid-attachments\": []"))
            .with("JNET_HOME", "/nonexistent");

    private static Lab lab;
    private static Crashes crashes;

    @BeforeAll
    static void startADaemonThatDies() {
        lab = Lab.open();
        // A firewall that drops what it does not know, so that jnet has to have itself admitted there.
        lab.host().shell("iptables -P FORWARD DROP && ip6tables -P FORWARD DROP && ip netns add c1");
        crashes = Crashes.on(lab);
        // A call whose daemon has died goes on alone, under this lock.
        lab.host().shell("install --mode=600 /dev/null /run/jnet/cni.lock");
        // What the daemon makes once and keeps is there when everything was done once.
        run(ADD);
        run(DEL);
        removeTheNetwork("web");
    }

    /** With all tests of the class every kind of step must have been met. */
    @AfterAll
    static void closeTheLab() {
        try {
            StepKinds.checkCni(crashes.kinds());
        } finally {
            lab.close();
        }
    }

    /** A network's own steps are those of CrashSystemTest; it stays without containers. */
    @Test
    void networks() {
        crashes.atStepsOf(
                "ADD and its network",
                28,
                () -> run(ADD),
                () -> again(ADD),
                () -> {
                    run(DEL);
                    removeTheNetwork("web");
                },
                CniCrashSystemTest::makeTheNetworkAlone,
                () -> {
                    makeTheNetworkAlone();
                    // As when it never had a container: the next start takes forwarding back.
                    lab.host()
                            .shell(
                                    """
                                    ip -6 address flush dev jbr-6ff772db5be scope link
                                    sysctl -qe net.ipv4.conf.jbr-6ff772db5be.forwarding=0
                                    sysctl -qe net.ipv6.conf.jbr-6ff772db5be.force_forwarding=0
                                    """);
                },
                () -> {
                    makeTheNetworkAlone();
                    lab.host().shell("ip -6 address flush dev jbr-6ff772db5be scope link");
                });
        makeTheNetworkAlone();
        crashes.atStepsOf(
                "removal of the network",
                18,
                () -> removeTheNetwork("web"),
                () -> withoutTheNetwork("web"),
                CniCrashSystemTest::makeTheNetworkAlone);
        removeTheNetwork("web");
    }

    @Test
    void additions() {
        makeTheNetworkAlone();
        crashes.atStepsOf("ADD", 10, () -> run(ADD), () -> again(ADD), () -> run(DEL));
        crashes.atStepsOf("ADD, ended alone", 40, () -> run(ADD_OR_ALONE), () -> again(ADD), () -> run(DEL));
        removeTheNetwork("web");
    }

    @Test
    void deletions() {
        run(ADD);
        crashes.atStepsOf("DEL", 10, () -> run(DEL), () -> run(ADD));
        crashes.atStepsOf("GC", 16, () -> run(GC), () -> run(ADD));
        run(DEL);
        removeTheNetwork("web");
    }

    @Test
    void attachmentsAfterAnotherPlugin() {
        lab.host().shell("ip netns add c2");
        try (InterfaceOfAnother made = InterfaceOfAnother.make(lab.host(), "c2")) {
            assertThat(made).isNotNull();
            CniCall add = CniCall.of("ADD", "c2", AFTER_ANOTHER).with("JNET_HOME", "/nonexistent");
            CniCall delete = add.command("DEL");
            run(add);
            run(delete);
            crashes.atStepsOf("ADD after another plugin", 16, () -> run(add), () -> again(add), () -> run(delete));
            run(add);
            crashes.atStepsOf("DEL after another plugin", 16, () -> run(delete), () -> run(add));
            run(delete);
            removeTheNetwork("other");
        }
    }

    private static void makeTheNetworkAlone() {
        run(ADD);
        run(DEL);
    }

    private static CommandResult run(CniCall call) {
        return call.run(lab.host()).command();
    }

    /** As runtimes do when an addition has failed, or was interrupted. */
    private static CommandResult again(CniCall add) {
        run(add.command("DEL"));
        return run(add);
    }

    /** Gone already, or removed now. */
    private static CommandResult withoutTheNetwork(String name) {
        removeTheNetwork(name);
        return lab.host().run("true");
    }

    private static CommandResult removeTheNetwork(String name) {
        return lab.host()
                .run(
                        "curl",
                        "-sS",
                        "--fail",
                        "--unix-socket",
                        JnetDaemon.SOCKET,
                        "-X",
                        "DELETE",
                        "http://jnet/v1/networks/" + name);
    }
}
