package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.cni.configuration.ConfigurationReader;
import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.cni.result.CniResult;
import io.jnet.cni.result.ResultWriter;
import io.jnet.netlink.link.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** An environment of any bytes: it is read, or refused in one line with a code of the spec. */
class EnvironmentFuzzTest {
    private static final byte[] CONFIGURATION = "{\"cniVersion\": \"1.1.0\", \"name\": \"web\"}".getBytes(UTF_8);

    private static IdlePlugin plugin;

    @BeforeAll
    static void open() {
        plugin = new IdlePlugin();
    }

    @AfterAll
    static void close() {
        plugin.close();
    }

    /**
     * @param lines variables, each from the beginning of a line to the next line that begins with {@code CNI_}, so that values may hold
     *     line ends
     */
    @FuzzTest
    void isReadOrRefused(byte[] lines) {
        Map<String, String> variables = variables(new String(lines, UTF_8));
        AnswerRules.decoded(() -> CniEnvironment.of(variables)).ifPresent(environment -> {
            assertThat(environment.containerId()).matches("[A-Za-z0-9_.-]{0,256}");
            AnswerRules.decoded(() -> ConfigurationReader.of(CONFIGURATION).read(environment));
            environment.namespacePath().ifPresent(EnvironmentFuzzTest::write);
        });
        AnswerRules.check(plugin.answer(variables, CONFIGURATION));
    }

    /** The path of the namespace comes back as the interface's sandbox. */
    private static void write(String sandbox) {
        CniResult.Interface inside = new CniResult.Interface(
                "eth0", Optional.of(MacAddress.parse("02:00:00:00:00:01")), OptionalInt.empty(), Optional.of(sandbox));
        CniResult result = new CniResult(List.of(inside), List.of(), List.of(), DnsConfiguration.NONE);
        AnswerRules.checkResult(ResultWriter.write(result, SpecVersion.V1_1_0), SpecVersion.V1_1_0);
    }

    private static Map<String, String> variables(String text) {
        Map<String, String> variables = new HashMap<>();
        for (String variable : text.split("\n(?=CNI_)", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(
                        variable.substring(0, equals),
                        variable.substring(equals + 1).stripTrailing());
            }
        }
        return variables;
    }
}
