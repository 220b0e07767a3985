package io.jnet.daemon.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.daemon.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CniInstallationTest {
    @TempDir
    private Path folder;

    private Path executable;
    private Path plugins;
    private Path configurations;
    private CniInstallation installation;

    @BeforeEach
    void distribution() throws IOException {
        executable = Files.createFile(
                folder.resolve("jnet-cni"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        plugins = folder.resolve("opt/cni/bin");
        configurations = folder.resolve("etc/cni/net.d");
        installation = new CniInstallation(executable, List.of(plugins), configurations);
    }

    @Test
    void installsPluginsAndAConfiguration() throws IOException {
        installation.install(Optional.of("web"), Optional.of("10.88.0.0/16"));

        assertThat(Files.readSymbolicLink(plugins.resolve("jnet"))).isEqualTo(executable);
        assertThat(Files.readSymbolicLink(plugins.resolve("loopback"))).isEqualTo(executable);
        JsonNode written =
                JsonMapper.builder().build().readTree(Files.readString(configurations.resolve("10-jnet.conflist")));
        assertThat(written.path("cniVersion").asString())
                .as("what a runtime takes that knows no cniVersions")
                .isEqualTo("1.0.0");
        assertThat(written.at("/cniVersions/1").asString()).isEqualTo("1.1.0");
        assertThat(written.path("name").asString()).isEqualTo("web");
        assertThat(written.at("/plugins/0/type").asString()).isEqualTo("jnet");
        assertThat(written.at("/plugins/0/ipam/subnet").asString()).isEqualTo("10.88.0.0/16");
        assertThat(files()).as("nothing beside them").hasSize(4);
    }

    @Test
    void changesNothingTheSecondTimeAndRemovesWhatItMade() throws IOException {
        installation.install(Optional.of("web"), Optional.of("10.88.0.0/16"));
        String kept = "kept " + configurations.resolve("10-jnet.conflist") + ", network web, subnet 10.88.0.0/16";
        assertThat(installation.install(Optional.empty(), Optional.empty())).containsExactly(kept);
        assertThat(installation.install(Optional.of("web"), Optional.of("10.88.0.0/16")))
                .containsExactly(kept);
        installation.uninstall();
        assertThat(files()).containsExactly(executable);
        assertThat(installation.uninstall()).isEmpty();
    }

    /** Nothing says which of the usual folders a runtime reads. */
    @Test
    void installsIntoEachFolderAndIntoNoneWhereOneIsTaken() throws IOException {
        Path other = folder.resolve("usr/lib/cni");
        CniInstallation both = new CniInstallation(executable, List.of(plugins, other), configurations);
        both.install(Optional.of("web"), Optional.empty());
        assertThat(Files.readSymbolicLink(plugins.resolve("jnet"))).isEqualTo(executable);
        assertThat(Files.readSymbolicLink(other.resolve("jnet"))).isEqualTo(executable);
        assertThat(both.uninstall()).hasSize(5);
        assertThat(files()).containsExactly(executable);

        Files.writeString(other.resolve("jnet"), "another's");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> both.install(Optional.of("web"), Optional.empty()))
                .withMessageContaining(other.resolve("jnet") + " is there and not a link to jnet-cni");
        assertThat(plugins.resolve("jnet")).doesNotExist();
    }

    @Test
    void refusesWhatContradictsTheConfigurationThatIsThere() throws IOException {
        installation.install(Optional.of("web"), Optional.empty());
        Path file = configurations.resolve("10-jnet.conflist");
        Files.delete(plugins.resolve("loopback"));
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> installation.install(Optional.of("bridge"), Optional.empty()))
                .withMessage(file + " is there already, for network web, no subnet named: edit it, or remove it with"
                        + " \"jnet cni uninstall\" first");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> installation.install(Optional.empty(), Optional.of("10.88.0.0/16")))
                .withMessageContaining("no subnet named");
        assertThat(plugins.resolve("loopback")).doesNotExist();

        Files.writeString(file, "{");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> installation.install(Optional.empty(), Optional.empty()))
                .withMessage(file + " is there and no JSON: mend or remove it");
    }

    @Test
    void keepsAConfigurationThatSomebodyHasChanged() throws IOException {
        installation.install(Optional.of("web"), Optional.of("10.88.0.0/16"));
        Path file = configurations.resolve("10-jnet.conflist");
        Files.writeString(file, Files.readString(file).replace("true", "false"));
        assertThat(installation.uninstall()).contains("kept, since it was changed: " + file);
        assertThat(file).exists();
    }

    @Test
    void replacesALinkToAnEarlierDistribution() throws IOException {
        Files.createDirectories(plugins);
        Files.createSymbolicLink(plugins.resolve("jnet"), Path.of("/nowhere/bin/jnet-cni"));
        installation.install(Optional.of("web"), Optional.empty());
        assertThat(Files.readSymbolicLink(plugins.resolve("jnet"))).isEqualTo(executable);
    }

    @Test
    void leavesOtherPluginsAlone() throws IOException {
        Files.createDirectories(plugins);
        Files.writeString(plugins.resolve("loopback"), "another's");
        installation.install(Optional.of("web"), Optional.empty());
        assertThat(Files.readString(plugins.resolve("loopback"))).isEqualTo("another's");
        installation.uninstall();
        assertThat(plugins.resolve("loopback")).exists();

        Files.writeString(plugins.resolve("jnet"), "another's");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> installation.install(Optional.of("web"), Optional.empty()))
                .withMessageContaining("is there and not a link to jnet-cni");
        assertThat(configurations.resolve("10-jnet.conflist")).doesNotExist();
    }

    @Test
    void saysWhatCannotBeWritten() throws IOException {
        Files.createDirectories(plugins.getParent());
        Files.writeString(plugins, "no folder");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> installation.install(Optional.of("web"), Optional.empty()))
                .withMessageContaining(plugins.toString());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !Files.isDirectory(path)).toList();
        }
    }
}
