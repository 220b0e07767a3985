package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody with an account on the host, and no more. */
@SystemTest
class LocalUserSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final List<String> SOCKETS = List.of(JnetDaemon.PLUGIN_SOCKET, JnetDaemon.SOCKET);
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--");

    /** curl(1): could not connect. */
    private static final int CANNOT_CONNECT = 7;

    /** curl(1): connected, and got nothing; connected, and was reset. */
    private static final Set<Integer> SENT_AWAY = Set.of(52, 56);

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
            assertThat(ask(List.of(), socket)).as("root at %s", socket).isZero();
            assertThat(ask(AS_NOBODY, socket)).as("nobody at %s", socket).isEqualTo(CANNOT_CONNECT);

            LAB.host().shell("chmod a+rwx /run /run/docker " + folder + " " + socket);
            try {
                assertThat(ask(AS_NOBODY, socket))
                        .as("nobody at %s, opened", socket)
                        .isIn(SENT_AWAY);
                LAB.host().shell("chown 65534 " + socket);
                assertThat(ask(AS_NOBODY, socket))
                        .as("nobody at %s, given to them", socket)
                        .isIn(SENT_AWAY);
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
        List<String> command = new ArrayList<>(AS_NOBODY);
        command.addAll(List.of(JnetDaemon.distribution().resolve("bin/jnet").toString(), "status"));
        CommandResult result = LAB.host().run(command);
        assertThat(result.exitStatus()).isEqualTo(1);
        assertThat(result.errors()).contains("no permission to use " + JnetDaemon.SOCKET + ": run as root");
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

    private static int ask(List<String> as, String socket) {
        List<String> command = new ArrayList<>(as);
        command.addAll(
                List.of("curl", "--silent", "--output", "/dev/null", "--unix-socket", socket, "http://jnet/v1/status"));
        return LAB.host().run(command).exitStatus();
    }

    private static CommandResult nobody(String line) {
        List<String> command = new ArrayList<>(AS_NOBODY);
        command.addAll(List.of("sh", "-c", line));
        return LAB.host().run(command);
    }
}
