package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins for addresses that do not do as they should: scripts, each of which writes down how it was called. */
@SystemTest
class CniDelegatesSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    private static final String FOLDER = "/run/jnet-test-delegates";
    /** It is waited for two seconds. */
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private static final String REFUSED = "{\"cniVersion\": \"1.0.0\", \"code\": 142, \"msg\": \"none left\"}";
    private static final String CONFIGURATION =
            "{\"cniVersion\": \"1.1.0\", \"name\": \"web\", \"type\": \"jnet\", \"ipam\": {\"type\": \"%s\"}}";

    @BeforeEach
    void makeContainer() {
        host().shell("mkdir -p " + FOLDER + "; ip netns add c1");
    }

    @AfterEach
    void removeContainer() {
        host().shell("rm -r " + FOLDER + "; ip netns delete c1");
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
    }

    /** It may have given an address before it failed (spec 1.1.0, section 4). */
    @Test
    void aPluginThatFailsToAddIsToldToDelete() {
        plugin("given", "[ $CNI_COMMAND = DEL ] || { echo '" + REFUSED + "'; exit 1; }");
        assertThat(call("ADD", "given").run(host()).error(142)).isEqualTo("none left");
        assertThat(calls()).isEqualTo("ADD\nDEL\n");
        plugin("given", "[ $CNI_COMMAND = DEL ] || kill -9 $$");
        call("ADD", "given").run(host()).error(5);
        assertThat(calls()).isEqualTo("ADD\nDEL\n");
    }

    /** By the interface, as long as that is there. */
    @Test
    void soIsOneThatNeedsTheInterface() {
        plugin("dhcp", "ip -n c1 -o link show eth0 >>" + FOLDER + "/links; [ $CNI_COMMAND = DEL ]");
        call("ADD", "dhcp").run(host()).error(5);
        assertThat(calls()).isEqualTo("ADD\nDEL\n");
        assertThat(host().shell("wc -l <" + FOLDER + "/links").strip()).isEqualTo("2");
        assertThat(host().shell("ip -n c1 -br link")).doesNotContain("eth0");
    }

    @ParameterizedTest
    @CsvSource({"exit 3, with exit status 3", "kill -9 $$, by signal 9"})
    void aPluginThatDiesWithoutAWordIsNamed(String does, String how) {
        plugin("silent", does);
        String words = "a plugin ended " + how + " and without an answer: " + FOLDER + "/silent";
        assertThat(call("ADD", "silent").run(host()).error(5)).isEqualTo(words);
        assertThat(call("DEL", "silent").run(host()).error(5)).isEqualTo(words);
        assertThat(call("DEL", "silent")
                        .prefixed("env", "--ignore-signal=CHLD")
                        .run(host())
                        .error(5))
                .as("where the caller does not care for its children")
                .isEqualTo(words);
    }

    /** It is asked when the daemon has answered, and takes longer than that may. */
    @Test
    void aPluginHasATimeOfItsOwnToSayHowItIs() {
        plugin("slow", "sleep 0.5");
        status("slow").succeeded();
        plugin("slow", "exit 3");
        assertThat(status("slow").error(50)).contains("exit status 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec sleep 100", "exec sleep 100 >&-"})
    void aPluginThatDoesNotAnswerIsNotAvailable(String does) {
        plugin("stuck", does);
        status("stuck");
        long start = System.nanoTime();
        assertThat(status("stuck").error(50)).isEqualTo("cannot call " + FOLDER + "/stuck: Operation timed out");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(2), AT_MOST);
    }

    /** Of a daemon that answers in time: the first answer of a fresh Java runtime may take longer than STATUS waits. */
    private static CniCall.Answer status(String plugin) {
        return Eventually.settled(AT_MOST, () -> call("STATUS", plugin).run(host()), answer -> !answer.command()
                .output()
                .contains("in time"));
    }

    private static void plugin(String name, String does) {
        String script = "#!/bin/sh\necho $CNI_COMMAND >>" + FOLDER + "/calls\n" + does + "\n";
        host().run(List.of("tee", FOLDER + "/" + name), script).orThrow();
        host().shell("chmod +x " + FOLDER + "/" + name + "; rm -f " + FOLDER + "/calls");
    }

    private static CniCall call(String command, String plugin) {
        return CniCall.of(command, "c1", CONFIGURATION.formatted(plugin)).with("CNI_PATH", FOLDER);
    }

    private static String calls() {
        return host().shell("cat " + FOLDER + "/calls");
    }

    private static Machine host() {
        return LAB.host();
    }
}
