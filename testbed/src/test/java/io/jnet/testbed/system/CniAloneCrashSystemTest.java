package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.LoneCrashes;
import io.jnet.testbed.supervision.StepKinds;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code jnet cni}, the process that answers where no daemon runs, dies at steps of each command of CNI. */
@SystemTest
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CniAloneCrashSystemTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.88.0.0/24"}], [{"subnet": "fd00:88::/64"}]]},
             "runtimeConfig": {"ips": ["10.88.0.2/24", "fd00:88::2/64"],
                               "portMappings": [{"hostPort": 8088, "containerPort": 80, "protocol": "tcp"}]}%s}
            """;
    private static final CniCall ADD = CniCall.of("ADD", "c1", CONFIGURATION.formatted(""));
    private static final CniCall DEL = ADD.command("DEL");
    private static final CniCall GC =
            CniCall.of("GC", "", CONFIGURATION.formatted(", \"cni.dev/valid-attachments\": []"));
    private static final CniCall STATUS = CniCall.of("STATUS", "", CONFIGURATION.formatted(""));

    private static Lab lab;
    private static LoneCrashes crashes;

    /** With what is made once and kept: the network, the lock of calls alone, the lock of iptables. */
    @BeforeAll
    static void prepare() {
        lab = Lab.open();
        lab.host().shell("iptables -P FORWARD DROP && ip6tables -P FORWARD DROP && ip netns add c1");
        crashes = LoneCrashes.on(lab);
        must(ADD);
        must(DEL);
    }

    @AfterAll
    static void closeTheLab() {
        try {
            StepKinds.checkCni(crashes.kinds());
        } finally {
            lab.close();
        }
    }

    @Test
    void additions() {
        crashes.atStepsOf("ADD", 40, ADD, CniAloneCrashSystemTest::addAgain, () -> must(DEL));
    }

    @Test
    void deletions() {
        must(ADD);
        crashes.atStepsOf("DEL", 20, DEL, () -> must(DEL), CniAloneCrashSystemTest::addAgain);
        crashes.atStepsOf("GC", 40, GC, () -> must(GC), CniAloneCrashSystemTest::addAgain);
        must(DEL);
    }

    @Test
    void questions() {
        JsonNode result = JSON.readTree(must(ADD).output());
        CniCall check = ADD.command("CHECK").withPrevious(result);
        crashes.atStepsOf("CHECK", 40, check, () -> must(check), () -> must(check));
        crashes.atStepsOf("STATUS", 40, STATUS, () -> must(STATUS), () -> must(STATUS));
        must(DEL);
    }

    /** As runtimes do when an addition has failed, or was interrupted. */
    private static void addAgain() {
        must(DEL);
        must(ADD);
    }

    private static CommandResult must(CniCall call) {
        CommandResult answer = crashes.run(call);
        assertThat(answer.succeeded()).as(answer.everything()).isTrue();
        return answer;
    }
}
