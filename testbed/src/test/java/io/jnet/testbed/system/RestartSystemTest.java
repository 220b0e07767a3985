package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.PluginDoor;
import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.EngineDump;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The life of a container, from its networks to their removal, while the daemon is killed and started again between Docker's calls: every
 * command of the user succeeds, and at the end nothing is left.
 */
@SystemTest
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestartSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Calls from one death to the next. */
    private static final int DISTANCE = 13;

    private static final String NOTHING = "networks []\nendpoints []\nports []\nipam/pools []\nipam/leases []\n";

    private static Lab lab;
    private static PluginDoor door;
    private static DockerEngine docker;
    private static HostDump clean;

    @BeforeAll
    static void start() {
        lab = Lab.open();
        door = PluginDoor.before(lab.host());
        docker = DockerEngine.start(lab.host(), List.of());
        clean = HostDump.of(lab.host());
    }

    @AfterAll
    static void close() {
        try {
            docker.close();
            door.close();
        } finally {
            lab.close();
        }
    }

    @Test
    void betweenSomeCalls() {
        live(call -> call % DISTANCE == 0);
        assertThat(door.restarts()).isPositive();
    }

    /** In lives that differ in where the daemon dies first, so that in one of them it does so after each call. */
    @Test
    @EnabledIfSystemProperty(named = "jnet.long", matches = "true")
    void betweenAllCalls() {
        for (int first = 1; first <= DISTANCE; first++) {
            int rest = first % DISTANCE;
            live(call -> call % DISTANCE == rest);
            assertThat(door.restarts()).isEqualTo((door.calls().size() - first) / DISTANCE + 1);
        }
    }

    private static void live(IntPredicate deaths) {
        door.dieAfter(deaths);
        docker(
                "network create --driver jnet --ipam-driver jnet --subnet 10.90.1.0/24 --ipv6 --subnet fd00:90:1::/64 web");
        docker("network create --driver jnet --subnet 10.90.2.0/24 other");
        List<String> create = new ArrayList<>(List.of(
                "create",
                "--name",
                "one",
                "--network",
                "web",
                "--publish",
                "8080:80",
                "--publish",
                "8081:81",
                "--publish",
                "9000-9009:9000-9009",
                Images.TOOLS));
        create.addAll(Servers.inOneContainer(Servers.tellPeer(80), Servers.tellPeer6(81)));
        docker.docker(create).orThrow();
        docker("start one");
        assertServed();
        docker("network connect other one");
        docker("network disconnect other one");
        docker("network connect --ip 10.90.2.9 other one");
        assertServed();
        docker("stop --time 0 one");
        assertThat(reaches()).isFalse();
        docker("start one");
        assertServed();
        docker("restart --time 0 one");
        assertServed();
        docker("rm --force one");
        docker("run --rm --network web --publish 8080:80 " + Images.TOOLS + " true");
        docker("network rm web");
        docker("network rm other");
        // Docker's last call is answered before the daemon that died after it is back.
        Eventually.holds(
                "the daemon knows nothing any more",
                PATIENCE,
                () -> EngineDump.isAnswered(lab.host())
                        && EngineDump.of(lab.host()).equals(NOTHING));
        assertThat(Eventually.settled(PATIENCE, () -> clean.difference(HostDump.of(lab.host())), String::isEmpty))
                .as("left after " + door.calls())
                .isEmpty();
        System.out.printf(
                "a life of %d calls, the daemon started again %d times%n",
                door.calls().size(), door.restarts());
    }

    private static void docker(String command) {
        assertThat(docker.docker(command.split(" ")).orThrow().succeeded())
                .as(command)
                .isTrue();
    }

    private static void assertServed() {
        Eventually.holds("the ports answer", PATIENCE, RestartSystemTest::reaches);
    }

    private static boolean reaches() {
        return Probe.on(lab.outside()).reaches(Lab.HOST_ADDRESS, 8080)
                && Probe.on(lab.outside()).reaches("[" + Lab.HOST_ADDRESS_6 + "]", 8081);
    }
}
