package io.jnet.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.netlink.link.InterfaceName;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CniEnvironmentTest {
    private static final Map<String, String> ADD = Map.of(
            "CNI_COMMAND",
            "ADD",
            "CNI_CONTAINERID",
            "c1",
            "CNI_NETNS",
            "/run/netns/c1",
            "CNI_IFNAME",
            "eth0",
            "CNI_ARGS",
            "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;nonsense;=;X=");

    @Test
    void readsACall() {
        CniEnvironment environment = CniEnvironment.of(ADD);

        assertThat(environment.command()).isEqualTo(Command.ADD);
        assertThat(environment.containerId()).isEqualTo("c1");
        assertThat(environment.namespacePath()).contains("/run/netns/c1");
        assertThat(environment.container()).isEqualTo(new InterfaceName("eth0"));
        assertThat(environment.argument("K8S_POD_NAME")).contains("web");
        assertThat(environment.argument("X")).as("an empty argument").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"})
    void namesTheVariableThatIsMissing(String name) {
        Map<String, String> without = new HashMap<>(ADD);
        without.remove(name);
        assertRefused(without, "missing " + name);
    }

    @Test
    void aDeletionNeedsNoNamespace() {
        Map<String, String> deletion = new HashMap<>(ADD);
        deletion.put("CNI_COMMAND", "DEL");
        deletion.put("CNI_NETNS", "");
        assertThat(CniEnvironment.of(deletion).namespacePath()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "-c", "a b", "a/b", "a\"b", "a\nb", "ü"})
    void refusesContainerIdsThatAreNone(String id) {
        Map<String, String> with = new HashMap<>(ADD);
        with.put("CNI_CONTAINERID", id);
        assertRefused(with, "invalid CNI_CONTAINERID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/b", "a b", "eth0; drop", "a234567890123456", "x\"{"})
    void refusesInterfaceNamesThatAreNotSafe(String name) {
        Map<String, String> with = new HashMap<>(ADD);
        with.put("CNI_IFNAME", name);
        assertRefused(with, "CNI_IFNAME: invalid interface name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"add", "VERSION", "UPDATE"})
    void refusesOtherCommands(String command) {
        assertRefused(Map.of("CNI_COMMAND", command), "unknown CNI_COMMAND \"" + command + "\"");
    }

    private static void assertRefused(Map<String, String> variables, String message) {
        assertThatExceptionOfType(CniException.class)
                .isThrownBy(() -> CniEnvironment.of(variables))
                .withMessageStartingWith(message)
                .extracting(CniException::code)
                .isEqualTo(CniCode.BAD_ENVIRONMENT);
    }
}
