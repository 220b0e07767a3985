package io.jnet.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every chain of jnet's that drops something has words. What chains there are, the documented rulesets show. */
class OwnDropsTest {
    private static final Path RULESETS = Path.of("..", "docs", "rulesets");

    @Test
    void everyChainThatDropsHasAReason() throws IOException {
        Set<String> dropping = new TreeSet<>();
        try (Stream<Path> files = Files.list(RULESETS)) {
            for (Path file : files.toList()) {
                collect(Files.readString(file), dropping);
            }
        }
        assertThat(dropping).contains("out_of_network", "into_network", "let_in", "raw_stranger");
        assertThat(dropping).allMatch(OwnDrops::knows);
    }

    private static void collect(String ruleset, Set<String> dropping) {
        String table = "";
        String chain = "";
        for (String line : ruleset.split("\n", -1)) {
            String[] words = line.strip().split(" ", -1);
            if (words[0].equals("table")) {
                table = words[1];
            } else if (words[0].equals("chain")) {
                chain = words[1];
            } else if (table.equals("inet") && line.endsWith("drop") && !chain.startsWith("from_")) {
                dropping.add(chain);
            }
        }
    }
}
