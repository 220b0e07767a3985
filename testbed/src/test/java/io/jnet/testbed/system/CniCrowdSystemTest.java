package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.cni.CniCrowd;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.dump.EngineDump;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.JavaRuntimes;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many calls of {@code jnet-cni} at once: on a network that the first of them makes, and while no daemon runs. */
@SystemTest
@Tag("alone") // load and time: nothing else may run beside it
class CniCrowdSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration ALONE = Duration.ofSeconds(60);
    private static final int FIRST_PORT = 22_000;
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "%s", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "subnet": "%s"},
             "runtimeConfig": {"portMappings": [{"hostPort": %d, "containerPort": 80}]}}
            """;

    private Lab lab;
    private JnetDaemon jnet;

    @BeforeEach
    void open() {
        lab = Lab.open();
        jnet = JnetDaemon.start(lab.host());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void fiftyContainersComeAndGoTogetherOnANewNetwork() {
        int size = 50;
        try (CniCrowd crowd = CniCrowd.of(lab.host(), size)) {
            // What the daemon makes once and keeps.
            CniCall first = CniCall.of("ADD", "c0", CONFIGURATION.formatted("first", "10.99.0.0/24", FIRST_PORT));
            first.run(lab.host()).result();
            first.command("DEL").run(lab.host()).succeeded();
            removeNetwork("first");
            HostDump before = HostDump.of(lab.host());
            String engine = EngineDump.of(lab.host());

            List<String> addresses = crowd.all(size, number -> call("ADD", number)).stream()
                    .map(answer -> CniCrowd.address(answer.result()))
                    .toList();
            assertThat(addresses).doesNotHaveDuplicates();
            assertThat(jnet.json("status").path("publishedPorts").asInt()).isEqualTo(size);
            assertThat(lab.host()
                            .run("ip", "netns", "exec", "c0", "ping", "-c", "1", "-W", "2", addresses.get(size - 1))
                            .succeeded())
                    .isTrue();
            assertThat(before.difference(HostDump.of(lab.host()))).contains("links +", "nftables +");

            crowd.all(size, number -> call("DEL", number)).forEach(CniCall.Answer::succeeded);
            removeNetwork("web");
            assertThat(Eventually.settled(PATIENCE, () -> before.difference(HostDump.of(lab.host())), String::isEmpty))
                    .isEmpty();
            assertThat(EngineDump.of(lab.host())).isEqualTo(engine);
        }
    }

    @Test
    void aHundredDeletionsAtOnceNeedNoDaemon() {
        int size = 100;
        try (CniCrowd crowd = CniCrowd.of(lab.host(), size)) {
            crowd.all(20, number -> call("ADD", number)).forEach(CniCall.Answer::result);
            jnet.kill();
            assertThat(lab.host().shell("nft list map inet jnet published4")).contains("tcp . " + FIRST_PORT + " ");

            long start = System.nanoTime();
            try (JavaRuntimes runtimes = JavaRuntimes.on(lab.host())) {
                crowd.all(size, number -> call("DEL", number)).forEach(CniCall.Answer::succeeded);
                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                System.out.printf(
                        "%d deletions without a daemon: %d ms, %d Java runtimes at a time%n",
                        size, taken.toMillis(), runtimes.most());
                assertThat(taken).isLessThan(ALONE);
                assertThat(runtimes.most()).isBetween(1, 2);
            }
            assertThat(lab.host().shell("nft list map inet jnet published4")).doesNotContain("10.88.0.");
            assertThat(lab.host().shell("ip -brief link")).doesNotContain("jv");
            jnet.startAgain();
            assertThat(jnet.json("endpoint", "ls")).isEmpty();
        }
    }

    private static CniCall call(String command, int number) {
        return CniCall.of(
                command, CniCrowd.name(number), CONFIGURATION.formatted("web", "10.88.0.0/24", FIRST_PORT + number));
    }

    private void removeNetwork(String name) {
        lab.host()
                .shell("curl -sS --fail --unix-socket %s -X DELETE http://jnet/v1/networks/%s"
                        .formatted(JnetDaemon.SOCKET, name));
    }
}
