package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody with an account on the host, and no more. */
@SystemTest
class LocalUserSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final List<String> SOCKETS =
            List.of(JnetDaemon.PLUGIN_SOCKET, JnetDaemon.SOCKET, JnetDaemon.CNI_SOCKET);
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--");

    @BeforeEach
    void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "there is no daemon of jnet");
    }

    @Test
    void theSocketsAreForRootOnlyAndTheirModeIsNotAllThatKeepsOthersOut() {
        for (String socket : SOCKETS) {
            String folder = socket.substring(0, socket.lastIndexOf('/'));
            String modes = LAB.host().shell("stat -c %a " + folder + " " + socket);
            assertThat(modes).as(socket).endsWith("600\n");
            // STATUS waits for a tenth of a second only, which a busy machine may need for the first one.
            Eventually.holds("root is answered at " + socket, PATIENCE, () -> isAnswered(List.of(), socket));
            assertThat(connects(List.of(), socket)).as("root at %s", socket).isTrue();
            assertThat(connects(AS_NOBODY, socket)).as("nobody at %s", socket).isFalse();

            LAB.host().shell("chmod a+rwx /run /run/docker " + folder + " " + socket);
            try {
                assertSentAway(socket, "opened");
                LAB.host().shell("chown 65534 " + socket);
                assertSentAway(socket, "given to them");
            } finally {
                LAB.host()
                        .shell("chmod go-rwx " + folder + " " + socket + "; chmod go-w /run /run/docker; chown 0 "
                                + socket);
            }
        }
    }

    @Test
    void theCommandsAreForRootOnlyAndSaySo() {
        assertThat(LAB.jnet().run("status").succeeded()).isTrue();
        CommandResult result = as(AS_NOBODY, jnet("status"));
        assertThat(result.exitStatus()).isEqualTo(1);
        assertThat(result.errors()).contains("no permission to use " + JnetDaemon.SOCKET + ": run as root");
        for (String verb : List.of("attach", "detach")) {
            assertThat(as(AS_NOBODY, jnet(verb, "/proc/self/ns/net", "--network", "web"))
                            .errors())
                    .isEqualTo("jnet: no permission to use " + JnetDaemon.CNI_SOCKET + ": run as root\n");
        }
    }

    @Test
    void theStateIsForRootOnly() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        String read = "cat /var/lib/jnet/*";
        assertThat(LAB.host().run("sh", "-c", read).succeeded()).isTrue();
        assertThat(nobody(read).succeeded()).isFalse();
        assertThat(nobody("echo > /var/lib/jnet/x").succeeded()).isFalse();
        assertThat(LAB.host().shell("stat -c %a /var/lib/jnet")).isEqualTo("700\n");

        LAB.host().shell("chmod 755 /var/lib/jnet");
        try {
            assertThat(nobody("ls /var/lib/jnet").succeeded())
                    .as("with another mode")
                    .isTrue();
        } finally {
            LAB.host().shell("chmod 700 /var/lib/jnet");
        }
    }

    /** The machine's group 65534 is {@code nogroup}; nobody is of it. */
    @Test
    void aGroupMayAskAndChangeNothing() {
        LAB.jnet().stop();
        try (BackgroundProcess jnet = LAB.host().start(jnet("daemon", "--socket-group", "nogroup"))) {
            Eventually.holds("root is answered", PATIENCE, () -> isAnswered(List.of(), JnetDaemon.SOCKET));
            assertThat(as(AS_NOBODY, jnet("status")).succeeded()).isTrue();
            assertThat(as(AS_NOBODY, jnet("metrics")).output()).contains("jnet_healthy 1.0");
            CommandResult change = as(AS_NOBODY, jnet("network", "rm", "web"));
            assertThat(change.exitStatus()).isEqualTo(1);
            assertThat(change.errors()).isEqualTo("jnet: only root may change something: run as root\n");
            assertThat(as(List.of(), jnet("network", "rm", "web")).errors()).contains("no network \"web\"");
            assertThat(as(
                                    AS_NOBODY,
                                    List.of(
                                            "curl",
                                            "--silent",
                                            "--request",
                                            "GET",
                                            "--data",
                                            "x",
                                            "--unix-socket",
                                            JnetDaemon.SOCKET,
                                            "http://jnet/v1/status"))
                            .output())
                    .as("memory is kept for no body of theirs")
                    .isEqualTo("{\"error\":\"a question has no body\"}");

            assertThat(connects(AS_NOBODY, JnetDaemon.PLUGIN_SOCKET)).isFalse();
            assertThat(connects(AS_NOBODY, JnetDaemon.CNI_SOCKET)).isFalse();
            List<String> another = List.of("setpriv", "--reuid", "1", "--regid", "1", "--clear-groups", "--");
            assertThat(connects(another, JnetDaemon.SOCKET)).isFalse();
            LAB.host().shell("chmod o+x /run/jnet; chmod o+rw " + JnetDaemon.SOCKET);
            assertThat(connects(another, JnetDaemon.SOCKET)).isTrue();
            assertThat(isAnswered(another, JnetDaemon.SOCKET)).isFalse();
            jnet.terminate();
            assertThat(jnet.waitForEnd(PATIENCE)).isZero();
        } finally {
            LAB.host().shell("chmod 700 /run/jnet");
            LAB.jnet().startAgain();
        }
        assertThat(LAB.host().shell("stat -c '%a %g' " + JnetDaemon.SOCKET)).isEqualTo("600 0\n");

        CommandResult unknown = LAB.host().run(jnet("daemon", "--socket-group", "nosuchgroup"));
        assertThat(unknown.exitStatus()).isEqualTo(1);
        assertThat(unknown.errors())
                .isEqualTo("jnet: no group \"nosuchgroup\" on this host: make it, or name another one\n");
    }

    /** Its number is 0 there, and 65534 here. */
    @Test
    void rootOfAUserNamespaceIsNobodyAndRootOfAProcessNamespaceIsRoot() {
        List<String> asRootElsewhere = new ArrayList<>(AS_NOBODY);
        asRootElsewhere.addAll(List.of("unshare", "--user", "--map-root-user", "--"));
        assertThat(as(asRootElsewhere, List.of("id", "-u")).text()).isEqualTo("0");
        List<String> inProcessNamespace = List.of("unshare", "--pid", "--fork", "--mount-proc", "--");
        for (String socket : SOCKETS) {
            assertThat(connects(asRootElsewhere, socket)).as(socket).isFalse();
            Eventually.holds("root is answered at " + socket, PATIENCE, () -> isAnswered(inProcessNamespace, socket));
        }
        LAB.host().shell("chmod o+x /run /run/jnet; chmod o+rw " + JnetDaemon.SOCKET);
        try {
            assertThat(connects(asRootElsewhere, JnetDaemon.SOCKET)).isTrue();
            assertThat(isAnswered(asRootElsewhere, JnetDaemon.SOCKET)).isFalse();
        } finally {
            LAB.host().shell("chmod 700 /run/jnet; chmod 600 " + JnetDaemon.SOCKET);
        }
    }

    private static List<String> jnet(String... arguments) {
        List<String> command = new ArrayList<>(List.of(JnetDaemon.launcherForAll(LAB.host())));
        command.addAll(List.of(arguments));
        return command;
    }

    private static CommandResult as(List<String> who, List<String> command) {
        List<String> whole = new ArrayList<>(who);
        whole.addAll(command);
        return LAB.host().run(whole);
    }

    private static void assertSentAway(String socket, String how) {
        assertThat(connects(AS_NOBODY, socket))
                .as("nobody at %s, %s", socket, how)
                .isTrue();
        assertThat(isAnswered(AS_NOBODY, socket))
                .as("nobody at %s, %s", socket, how)
                .isFalse();
    }

    /** Whether the file's mode lets them in: what the daemon makes of them comes after that. */
    private static boolean connects(List<String> as, String socket) {
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of("socat", "-u", "/dev/null", "UNIX-CONNECT:" + socket));
        return LAB.host().run(command).succeeded();
    }

    private static boolean isAnswered(List<String> as, String socket) {
        List<String> command = new ArrayList<>(as);
        if (socket.equals(JnetDaemon.CNI_SOCKET)) {
            // Without a launcher beside it, jnet-cni does nothing by itself.
            command.addAll(List.of("env", "JNET_HOME=/nowhere", "CNI_COMMAND=STATUS"));
            command.add(JnetDaemon.distribution().resolve("bin/jnet-cni").toString());
            return LAB.host()
                    .run(command, "{\"cniVersion\": \"1.1.0\", \"name\": \"web\", \"type\": \"jnet\"}")
                    .succeeded();
        }
        command.addAll(
                List.of("curl", "--silent", "--output", "/dev/null", "--unix-socket", socket, "http://jnet/v1/status"));
        return LAB.host().run(command).succeeded();
    }

    private static CommandResult nobody(String line) {
        List<String> command = new ArrayList<>(AS_NOBODY);
        command.addAll(List.of("sh", "-c", line));
        return LAB.host().run(command);
    }
}
