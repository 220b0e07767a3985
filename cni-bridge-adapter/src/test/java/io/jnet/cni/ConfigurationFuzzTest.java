package io.jnet.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.cni.configuration.ConfigurationReader;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.Command;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.cni.result.CniResult;
import io.jnet.cni.result.ResultWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Standard input of any bytes: it is read, or refused in one line with a code of the spec. */
class ConfigurationFuzzTest {
    private static final Map<String, String> VARIABLES = Map.of(
            "CNI_CONTAINERID",
            "c1",
            "CNI_NETNS",
            "/run/netns/c1",
            "CNI_IFNAME",
            "eth0",
            "CNI_ARGS",
            "K8S_POD_NAME=web");
    private static final CniEnvironment ADD = CniEnvironment.of(with("CNI_COMMAND", "ADD"));

    private static IdlePlugin plugin;

    @BeforeAll
    static void open() {
        plugin = new IdlePlugin();
    }

    @AfterAll
    static void close() {
        plugin.close();
    }

    @FuzzTest
    void isReadOrRefused(byte[] configuration) {
        AnswerRules.decoded(() -> ConfigurationReader.of(configuration).version());
        AnswerRules.decoded(() -> ConfigurationReader.of(configuration).attachments());
        AnswerRules.decoded(() -> ConfigurationReader.of(configuration).networkName())
                .ifPresent(name -> assertThat(name).matches("[A-Za-z0-9_.-]{1,128}"));
        AnswerRules.decoded(() -> ConfigurationReader.of(configuration).read(ADD))
                .ifPresent(ConfigurationFuzzTest::write);
        for (Command command : Command.values()) {
            AnswerRules.check(plugin.answer(with("CNI_COMMAND", command.name()), configuration));
        }
    }

    /** What comes back out of a configuration: routes and the names of resolvers. */
    private static void write(NetworkConfiguration configuration) {
        CniResult result =
                new CniResult(List.of(), List.of(), configuration.ipam().routes(), configuration.dns());
        for (SpecVersion version : SpecVersion.values()) {
            AnswerRules.checkResult(ResultWriter.write(result, version), version);
        }
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> all = new HashMap<>(VARIABLES);
        all.put(name, value);
        return all;
    }
}
