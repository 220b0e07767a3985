package io.jnet.testbed.difference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownDifferencesTest {
    @TempDir
    Path folder;

    @Test
    void aRowTellsItsDifferenceWithItsValuesOnly() throws IOException {
        KnownDifferences known = known("| `link[*].mtu` | `1500` | `*` | larger |");
        Difference told = new Difference("link[eth0].mtu", "1500", "9000");
        assertThat(known.unknown(List.of(told))).isEmpty();
        for (Difference untold : List.of(
                new Difference("link[eth0].mtu", "1400", "9000"),
                new Difference("link[eth0].mtu.min", "1500", "9000"),
                new Difference("a link[eth0].mtu", "1500", "9000"))) {
            assertThat(known.unknown(List.of(told, untold))).containsExactly(untold);
        }
    }

    @Test
    void aRowThatTellsNothingIsUnseen() throws IOException {
        KnownDifferences known = known("text", "| `a` | `1` | `2` | one |", "|---|", "| `b` | `1` | `-` | two |");
        assertThat(known.unseen(List.of(new Difference("a", "1", "2"))))
                .extracting(KnownDifferences.Row::key)
                .containsExactly("b");
    }

    @Test
    void aRowWithoutAReasonIsRefused() {
        assertThatThrownBy(() -> known("| `a` | `1` | `2` | |")).hasMessageContaining("| `a` | `1` | `2` | |");
    }

    private KnownDifferences known(String... lines) throws IOException {
        return KnownDifferences.in(Files.write(folder.resolve("differences.md"), List.of(lines)));
    }
}
