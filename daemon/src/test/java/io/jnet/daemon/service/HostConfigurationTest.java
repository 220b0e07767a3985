package io.jnet.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.daemon.socket.ListenAddress;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.PublishPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostConfigurationTest {
    @TempDir
    private Path folder;

    @Test
    void aFileThatIsNotThereSaysNothing() {
        assertThat(HostConfiguration.read(folder.resolve("none"))).isEqualTo(HostConfiguration.DEFAULT);
    }

    @Test
    void aCommentMayBeOfAnyEncoding() throws IOException {
        Path file = folder.resolve("jnet.conf");
        Files.write(file, "# für\npublish.policy = firewalled\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(HostConfiguration.read(file).publish()).isEqualTo(PublishPolicy.FIREWALLED);
    }

    @Test
    void saysWhomNetworksMayLetIn() {
        assertThat(read("# whom we let in\n\n publish.policy = from=192.0.2.0/24, 2001:db8::/32\n")
                        .publish())
                .isEqualTo(PublishPolicy.parse("from=192.0.2.0/24,2001:db8::/32"));
        assertThat(read("publish.policy=firewalled").publish()).isEqualTo(PublishPolicy.FIREWALLED);
        assertThat(read("").publish()).isEqualTo(PublishPolicy.OPEN);
    }

    @Test
    void saysWhereMetricsAreTold() {
        assertThat(read("metrics.listen = [::1]:9478\npublish.policy = firewalled\n"))
                .isEqualTo(new HostConfiguration(
                        PublishPolicy.FIREWALLED, Optional.of(ListenAddress.parse("[::1]:9478"))));
        assertThat(read("metrics.listen = 9478").metrics()).contains(ListenAddress.parse("127.0.0.1:9478"));
        assertThat(read("").metrics()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish.polcy = open | line 1: unknown key \"publish.polcy\": known are publish.policy and metrics.listen",
                "metrics.listen = localhost:9478 | line 1: invalid metrics.listen \"localhost:9478\": ",
                "metrics.listen = 127.0.0.1:65536 | line 1: invalid metrics.listen \"127.0.0.1:65536\": want ADDRESS:PORT",
                "metrics.listen = ::1:9478 | line 1: invalid metrics.listen \"::1:9478\": want ADDRESS:PORT",
                "publish.policy | line 1: publish.policy without a value",
                "publish.policy = closed | line 1: invalid publish.policy \"closed\": want open, firewalled or from=",
                "publish.policy = from=10.0.0.0/33 | line 1: invalid publish.policy \"from=10.0.0.0/33\": invalid prefix",
            })
    void whatItDoesNotUnderstandIsRefusedWithOneLine(String text, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aKeyIsThereOnce() {
        assertThatThrownBy(() -> read("publish.policy = open\npublish.policy = firewalled\n"))
                .hasMessageContaining("line 2: publish.policy is there twice");
    }

    @Test
    void theFileThatIsInstalledSaysNothingAndHasEachKey() throws IOException {
        String shipped = Files.readString(Path.of("src/main/distribution/share/jnet.conf"));
        assertThat(read(shipped)).isEqualTo(HostConfiguration.DEFAULT);
        assertThat(read(shipped.replaceAll("(?m)^#(?=[a-z.]+ = )", "")))
                .isEqualTo(
                        new HostConfiguration(PublishPolicy.OPEN, Optional.of(ListenAddress.parse("127.0.0.1:9478"))));
        assertThatThrownBy(() -> read("x = y")).hasMessageContaining("known are publish.policy and metrics.listen");
    }

    private HostConfiguration read(String text) {
        try {
            return HostConfiguration.read(Files.writeString(folder.resolve("jnet.conf"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
