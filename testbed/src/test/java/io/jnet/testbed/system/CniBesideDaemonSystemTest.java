package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.load.PingFlood;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A runtime that calls {@code jnet-cni} in a network namespace that is not the daemon's: two hosts on one machine, with networks and containers
 * of the same names and addresses. Whatever is done on either side touches that side alone.
 */
@SystemTest
class CniBesideDaemonSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String GATEWAY = "10.88.0.1";
    private static final String OTHER = "other";
    private static final List<String> IN_OTHER = List.of("nsenter", "--net=/run/netns/" + OTHER, "--");
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "pods", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "subnet": "10.88.0.0/24"}%s}
            """;

    private String folder;
    private String address;
    private String here;
    private PingFlood ours;
    private PingFlood theirs;
    private BackgroundProcess other;

    @BeforeEach
    void attachOneContainerOnEitherSide() {
        host().shell("ip netns add " + OTHER + " && ip -n " + OTHER
                + " link set lo up && ip netns add c1 && ip netns add c2");
        folder = "/var/lib/jnet-"
                + host().shell("stat -L -c %i /run/netns/" + OTHER).strip();
        call("ADD", "c1", "").run(host()).result();
        address =
                there("ADD", "c2", "").run(host()).result().at("/ips/0/address").asString();
        here = LAB.jnet().json("status").path("instance").asString();
        ours = flood("c1");
        theirs = flood("c2");
    }

    @AfterEach
    void detach() {
        if (other != null) {
            other.kill();
        }
        ours.close();
        theirs.close();
        call("DEL", "c1", "").run(host()).succeeded();
        there("DEL", "c2", "").run(host()).succeeded();
        List.of("c1", "c2", OTHER).forEach(name -> host().run("ip", "netns", "delete", name));
        LAB.jnet().run("network", "rm", "pods").orThrow();
        // Another namespace may get the number that the folder is called by.
        host().shell("rm -r " + folder);
    }

    @Test
    void startsAndCollectionsOfEitherSideTouchTheirOwn() {
        LAB.jnet().kill();
        LAB.jnet().startAgain();
        // Each names what is valid on its side; to the other one it would be nothing.
        call("GC", "", valid("c1")).run(host()).succeeded();
        there("GC", "", valid("c2")).run(host()).succeeded();
        LAB.jnet().stop();
        LAB.jnet().startAgain();
        assertBothGoOn();
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(1);

        there("GC", "", valid()).run(host()).succeeded();
        assertThat(host().shell("ip -n other -brief link")).doesNotContain("jv");
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(1);
        assertThat(pings("c1")).isTrue();
        assertThat(pings("c2")).isFalse();
    }

    @Test
    void adoptingAndCleaningOnEitherSideTouchTheirOwn() {
        host().shell("rm " + folder + "/state.lmdb*");
        assertThat(there("ADD", "c1", "").run(host()).command().output()).contains("is not the one of what is here");
        other = daemonThere();
        CommandResult foreign = askThere("clean", "--instance", here);
        assertThat(foreign.errors()).contains("nothing of instance");
        assertThat(askThere("adopt").orThrow().output()).contains("adopted network pods\n");
        assertThat(askThere("endpoint", "ls").orThrow().output()).contains(address);
        other.terminate();
        other.waitForEnd(PATIENCE);
        assertBothGoOn();

        host().shell("rm " + folder + "/state.lmdb*");
        other = daemonThere();
        String there = LAB.jnet()
                .run("status", "--socket", "/run/other/jnet.sock")
                .orThrow()
                .output()
                .lines()
                .filter(line -> line.contains("table inet jnet of instance "))
                .map(line -> line.replaceFirst(".* ", ""))
                .findFirst()
                .orElseThrow();
        assertThat(there).isNotEqualTo(here);
        askThere("clean", "--instance", there).orThrow();
        other.terminate();
        other.waitForEnd(PATIENCE);
        assertThat(host().shell("ip -n other -brief link")).doesNotContain("jv").doesNotContain("jbr-");
        assertThat(pings("c1")).isTrue();
        assertThat(LAB.jnet().json("status").path("unrecorded")).isEmpty();
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(1);
    }

    private void assertBothGoOn() {
        assertThat(ours.lost()).isZero();
        assertThat(theirs.lost()).isZero();
    }

    private static PingFlood flood(String container) {
        return PingFlood.start(host(), List.of("nsenter", "--net=/run/netns/" + container), GATEWAY);
    }

    private static boolean pings(String container) {
        return host().run("nsenter", "--net=/run/netns/" + container, "ping", "-c", "1", "-W", "2", GATEWAY)
                .succeeded();
    }

    private BackgroundProcess daemonThere() {
        List<String> command = new ArrayList<>(IN_OTHER);
        command.addAll(List.of(
                JnetDaemon.distribution().resolve("bin/jnet").toString(),
                "daemon",
                "--plugin-socket",
                "/run/other/plugin.sock",
                "--socket",
                "/run/other/jnet.sock",
                "--cni-socket",
                "/run/other/cni.sock",
                "--state-dir",
                folder));
        BackgroundProcess daemon = host().start(command);
        Eventually.holds(
                "the daemon there answers", PATIENCE, () -> askThere("status").succeeded());
        return daemon;
    }

    private static CommandResult askThere(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--socket", "/run/other/jnet.sock"));
        return LAB.jnet().run(all.toArray(String[]::new));
    }

    private static String valid(String... containers) {
        List<String> all = new ArrayList<>();
        for (String container : containers) {
            all.add("{\"containerID\": \"%s\", \"ifname\": \"eth0\"}".formatted(container));
        }
        return ", \"cni.dev/valid-attachments\": [" + String.join(", ", all) + "]";
    }

    private static CniCall call(String command, String container, String keys) {
        return CniCall.of(command, container, CONFIGURATION.formatted(keys));
    }

    private static CniCall there(String command, String container, String keys) {
        return call(command, container, keys).prefixed(IN_OTHER.toArray(String[]::new));
    }

    private static Machine host() {
        return LAB.host();
    }
}
