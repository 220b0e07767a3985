package io.jnet.daemon.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.store.StateStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the package's scripts do with the state and with units, below a folder. */
class PackageScriptsTest {
    private static final Path SCRIPTS = Path.of("src/main/debian/control");

    @TempDir
    private Path root;

    private Path state;

    @BeforeEach
    void stateOfADaemonThatEnded() throws IOException {
        state = Files.createDirectories(root.resolve("var/lib/jnet"));
        StateStore.open(state, "here").close();
    }

    @Test
    void aPurgeRemovesTheStateThatNobodyUses() throws Exception {
        networks(false);
        assertThat(run("prerm", "remove") + run("postrm", "remove") + run("postrm", "purge"))
                .isEmpty();
        assertThat(state).doesNotExist();
        assertThat(run("postrm", "purge")).as("again").isEmpty();
    }

    @Test
    void aPurgeKeepsTheStateThatHadNetworks() throws Exception {
        networks(true);
        assertThat(run("prerm", "remove")).contains("go on until the machine is started again");
        assertThat(run("postrm", "purge")).contains("/var/lib/jnet stays");
        assertThat(state.resolve("state.lmdb")).exists();
        assertThat(state.resolve("removed-in-use")).doesNotExist();
    }

    @Test
    void aPurgeKeepsTheStateThatADaemonHasOpen() throws Exception {
        networks(false);
        run("prerm", "remove");
        try (StateStore plugin = StateStore.open(state, "here")) {
            assertThat(run("postrm", "purge")).contains("/var/lib/jnet stays");
            assertThat(plugin.directory().resolve("state.lmdb")).exists();
        }
    }

    @Test
    void aPurgeForgetsItsUnits() throws Exception {
        Path asked = helper();
        run("postrm", "purge");
        assertThat(asked).hasContent("purge jnet.socket jnet.service");
    }

    @Test
    void aPurgeOfWhatWasInstalledAgainOtherwiseKeepsItsStateAndUnits() throws Exception {
        Path asked = helper();
        Files.createDirectories(root.resolve("usr/lib/jnet"));
        Files.createFile(root.resolve("usr/lib/jnet/installed"));
        assertThat(run("postrm", "purge")).contains("/var/lib/jnet stays");
        assertThat(state.resolve("state.lmdb")).exists();
        assertThat(asked).as("what systemd's units were to become").doesNotExist();
    }

    /** Puts a command in jnet's place that finds some, or none. */
    private void networks(boolean there) throws IOException {
        command("jnet", "exit " + (there ? 1 : 0));
    }

    /** Puts a command in the place of systemd's helper for packages that writes down what it is asked. */
    private Path helper() throws IOException {
        Path asked = root.resolve("asked");
        command("units-helper", "echo \"$*\" >" + asked);
        return asked;
    }

    private void command(String name, String text) throws IOException {
        Path command = Files.createDirectories(root.resolve("bin")).resolve(name);
        Files.writeString(command, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What it says. */
    private String run(String script, String argument) throws Exception {
        String text = Files.readString(SCRIPTS.resolve(script))
                .replaceAll("(?<![\\w/])/(var/lib|usr/lib|run/systemd)/", root + "/$1/")
                .replaceAll("deb-systemd-helper", "units-helper");
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", text, script, argument).redirectErrorStream(true);
        shell.environment().merge("PATH", root.resolve("bin").toString(), (old, ours) -> ours + ":" + old);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
