package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.ActivatedDaemon;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The daemon on sockets that somebody else has bound and keeps, as a unit of systemd does, with a real dockerd. */
@SystemTest
class ActivationSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Lab lab;
    private static ActivatedDaemon jnet;
    private static DockerEngine docker;

    @BeforeAll
    static void start() {
        lab = Lab.open();
        jnet = ActivatedDaemon.listen(lab.host(), lab.folder());
        docker = DockerEngine.start(lab.host(), List.of());
    }

    @AfterAll
    static void close() {
        try {
            docker.close();
            jnet.close();
        } finally {
            lab.close();
        }
    }

    /** In one: what comes first is the daemon's first start. */
    @Test
    void theFirstCallStartsTheDaemonAndNoneIsLostAfterwards() {
        assertThat(jnet.starts()).isZero();
        String files = files();
        docker.docker("network", "create", "--driver", "jnet", "--subnet", "10.90.1.0/24", "web")
                .orThrow();
        Eventually.holds(
                "the log has what it tells",
                PATIENCE,
                () -> jnet.starts() > 0 && jnet.log().contains("\nSTATUS=answering"));
        assertThat(jnet.starts()).isOne();
        assertThat(jnet.log()).containsOnlyOnce("told: READY=1\nSTATUS=answering");
        assertEachSocketAnswers();

        for (String signal : List.of("KILL", "TERM", "KILL")) {
            assertRuns();
            jnet.end(signal);
        }
        assertThat(jnet.log()).contains("told: STOPPING=1", "ended: 137", "ended: 0");
        // Nobody but the daemon itself mends and serves what the kernel cannot; who asks starts it.
        assertEachSocketAnswers();
        assertRuns();
        assertThat(docker.log()).doesNotContain("Unable to connect to plugin");
        assertThat(jnet.starts()).isEqualTo(4);
        assertThat(files()).as("the files of the sockets").isEqualTo(files);
        assertThat(lab.host().shell("ls -A /run/docker/plugins /run/jnet | grep '^[.]j' || true"))
                .as("left of binding")
                .isEmpty();
    }

    private static void assertRuns() {
        docker.docker("run", "--rm", "--network", "web", "--publish", "8080:80", Images.TOOLS, "true")
                .orThrow();
    }

    private static void assertEachSocketAnswers() {
        String launcher = JnetDaemon.distribution().resolve("bin/jnet").toString();
        assertThat(lab.host().run(launcher, "network", "ls").orThrow().output()).contains("10.90.1.0/24");
        CommandResult plugin = lab.host()
                .run(
                        "curl",
                        "-sS",
                        "--fail",
                        "--unix-socket",
                        JnetDaemon.PLUGIN_SOCKET,
                        "--request",
                        "POST",
                        "http://plugin/Plugin.Activate");
        assertThat(plugin.orThrow().output()).contains("NetworkDriver");
        // jnet-cni gives that question a tenth of a second.
        Eventually.holds("the CNI socket answers", PATIENCE, () -> lab.host()
                .run(
                        List.of(
                                "env",
                                "CNI_COMMAND=STATUS",
                                JnetDaemon.distribution()
                                        .resolve("bin/jnet-cni")
                                        .toString()),
                        "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"type\": \"jnet\"}")
                .succeeded());
    }

    private static String files() {
        return lab.host().shell("stat --format '%i %a %n' " + String.join(" ", ActivatedDaemon.SOCKETS));
    }
}
