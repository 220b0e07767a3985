package io.jnet.daemon.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.store.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptStateTest {
    @TempDir
    private Path root;

    @Test
    void whatADaemonHasOpenStays() throws IOException {
        Path folder = Files.createDirectories(root.resolve("var/lib/jnet"));
        try (StateStore daemon = StateStore.open(folder, "here")) {
            assertThat(daemon.directory()).isEqualTo(folder);
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> KeptState.whileUnused(root, () -> fail("done beside a daemon")))
                    .withMessage(
                            "a jnet daemon has the state in " + folder + " open: stop it first, and what starts it");
            assertThat(folder.resolve("state.lmdb")).exists();
        }
        KeptState.whileUnused(root, () -> assertThat(KeptState.remove(root)).containsExactly("removed " + folder));
        assertThat(folder).doesNotExist();
    }

    @Test
    void whereNoStateIsNothingIsMade() {
        KeptState.whileUnused(root, () -> assertThat(KeptState.remove(root)).isEmpty());
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void whatIsNotJnetsStays() throws IOException {
        Path folder = Files.createDirectories(root.resolve("var/lib/jnet"));
        Path precious = Files.writeString(folder.resolve("precious"), "x");
        Files.writeString(folder.resolve("removed-in-use"), "");
        KeptState.whileUnused(root, () -> assertThat(KeptState.remove(root)).containsExactly("emptied " + folder));
        assertThat(folder).isDirectoryContaining(precious::equals);
        assertThat(folder.toFile().list()).containsExactly("precious");
    }
}
