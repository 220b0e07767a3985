package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.machine.Machine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plugins for addresses that do not do as they should: scripts. */
@SystemTest
class CniDelegatesSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    private static final String FOLDER = "/run/jnet-test-delegates";
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

    private static void plugin(String name, String does) {
        String script = "#!/bin/sh\n" + does + "\n";
        host().run(List.of("tee", FOLDER + "/" + name), script).orThrow();
        host().shell("chmod +x " + FOLDER + "/" + name);
    }

    private static CniCall call(String command, String plugin) {
        return CniCall.of(command, "c1", CONFIGURATION.formatted(plugin)).with("CNI_PATH", FOLDER);
    }

    private static Machine host() {
        return LAB.host();
    }
}
