package io.jnet.testbed.system;

import static io.jnet.testbed.daemon.PluginCall.DUAL;
import static io.jnet.testbed.daemon.PluginCall.ENDPOINT;
import static io.jnet.testbed.daemon.PluginCall.INTERNAL;
import static io.jnet.testbed.daemon.PluginCall.JOIN;
import static io.jnet.testbed.daemon.PluginCall.PROGRAM;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginCall;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.Crashes;
import io.jnet.testbed.supervision.StepKinds;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** The daemon dies at the steps of each operation of Docker's protocols, and of its own start. */
@SystemTest
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashSystemTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String POOL = "{\"AddressSpace\":\"jnet-local\",\"Pool\":\"10.93.0.0/24\",\"V6\":false}";

    private static final List<PluginCall> CONNECTED = List.of(ENDPOINT, JOIN, PROGRAM);

    private static Lab lab;
    private static Crashes crashes;
    private static JnetDaemon jnet;

    @BeforeAll
    static void startADaemonThatDies() {
        lab = Lab.open();
        // A firewall that drops what it does not know, so that jnet has to have itself admitted there.
        lab.host().shell("iptables -P FORWARD DROP && ip6tables -P FORWARD DROP");
        crashes = Crashes.on(lab);
        jnet = crashes.daemon();
        // What the daemon makes once and keeps is there when everything was done once.
        List.of(DUAL, ENDPOINT, JOIN, PROGRAM, DUAL.back()).forEach(CrashSystemTest::make);
    }

    /** With all tests of the class every kind of step must have been met. */
    @AfterAll
    static void closeTheLab() {
        try {
            StepKinds.checkDocker(crashes.kinds());
        } finally {
            lab.close();
        }
    }

    @Test
    void networks() {
        crashes.atStepsOf(DUAL.method(), 8, () -> make(DUAL), () -> make(DUAL.back()));
        make(DUAL);
        // Beside another network, it has a few steps of its own.
        crashes.atStepsOf(INTERNAL.method(), 16, () -> make(INTERNAL), () -> make(INTERNAL.back()));
        CONNECTED.forEach(CrashSystemTest::make);
        crashes.atStepsOf(DUAL.inverse(), 12, () -> make(DUAL.back()), () -> {
            make(DUAL);
            CONNECTED.forEach(CrashSystemTest::make);
        });
        make(DUAL.back());
    }

    @Test
    void endpoints() {
        make(DUAL);
        crashes.atStepsOf(ENDPOINT.method(), 4, () -> make(ENDPOINT), () -> make(ENDPOINT.back()));
        make(ENDPOINT);
        Runnable anew = () -> {
            make(DUAL.back());
            make(DUAL);
            make(ENDPOINT);
        };
        // With the first container the host begins to forward, and goes on until the network has gone.
        crashes.atStepsOf(JOIN.method(), 8, () -> make(JOIN), () -> make(JOIN), anew, () -> {
            make(JOIN);
            make(ENDPOINT.back());
            make(ENDPOINT);
        });
        Runnable connect = () -> CONNECTED.forEach(CrashSystemTest::make);
        connect.run();
        // An endpoint that has left does not outlive the daemon: its container is gone.
        crashes.atStepsOf(JOIN.inverse(), 4, () -> make(JOIN.back()), connect);
        crashes.atStepsOf(ENDPOINT.inverse(), 6, () -> make(ENDPOINT.back()), connect);
        make(DUAL.back());
    }

    @Test
    void ports() {
        List.of(DUAL, ENDPOINT, JOIN).forEach(CrashSystemTest::make);
        crashes.atStepsOf(PROGRAM.method(), 6, () -> make(PROGRAM), () -> make(PROGRAM.back()));
        make(PROGRAM);
        crashes.atStepsOf(PROGRAM.inverse(), 4, () -> make(PROGRAM.back()), () -> make(PROGRAM));
        make(DUAL.back());
    }

    @Test
    void poolsAndAddresses() {
        Lease lease = new Lease();
        crashes.atStepsOf("IpamDriver.RequestPool", 4, lease::requestPool, lease::releasePool);
        lease.requestPool();
        crashes.atStepsOf("IpamDriver.RequestAddress", 4, lease::requestAddress, lease::releaseAddress);
        lease.requestAddress();
        crashes.atStepsOf("IpamDriver.ReleaseAddress", 4, lease::releaseAddress, lease::requestAddress);
        lease.releaseAddress();
        crashes.atStepsOf("IpamDriver.ReleasePool", 4, lease::releasePool, lease::requestPool);
        lease.releasePool();
    }

    /** After somebody has removed most of what is jnet's. */
    @Test
    void theStart() {
        List.of(DUAL, INTERNAL, ENDPOINT, JOIN, PROGRAM).forEach(CrashSystemTest::make);
        crashes.atStepsOfTheStart(
                24,
                """
                nft 'delete table inet jnet; delete table bridge jnet'
                iptables -D FORWARD -j JNET-FORWARD
                ip link delete jbr-1b1b1b1b1b1
                """);
        make(INTERNAL.back());
        make(DUAL.back());
    }

    private static CommandResult make(PluginCall call) {
        return call.make(jnet);
    }

    /** A pool and an address of it, asked for as dockerd does. */
    private static final class Lease {
        private String pool = "";
        private String address = "";

        CommandResult requestPool() {
            CommandResult answer = call("RequestPool", POOL);
            pool = field(answer, "PoolID", pool);
            return answer;
        }

        CommandResult releasePool() {
            return call("ReleasePool", "{\"PoolID\":\"%s\"}".formatted(pool));
        }

        CommandResult requestAddress() {
            CommandResult answer = call(
                    "RequestAddress",
                    "{\"PoolID\":\"%s\",\"Address\":\"10.93.0.2\",\"Options\":{\"com.docker.network.endpoint.macaddress\":\"02:42:0a:5d:00:02\"}}"
                            .formatted(pool));
            address = field(answer, "Address", address);
            return answer;
        }

        CommandResult releaseAddress() {
            return call(
                    "ReleaseAddress",
                    "{\"PoolID\":\"%s\",\"Address\":\"%s\"}".formatted(pool, address.replaceFirst("/.*", "")));
        }

        private static CommandResult call(String method, String body) {
            return jnet.post("/IpamDriver." + method, body);
        }

        private static String field(CommandResult answer, String name, String otherwise) {
            return PluginCall.isError(answer)
                    ? otherwise
                    : JSON.readTree(answer.output()).path(name).asString();
        }
    }
}
