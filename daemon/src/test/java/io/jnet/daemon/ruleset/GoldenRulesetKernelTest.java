package io.jnet.daemon.ruleset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules as the kernel has them for each kind of network, against {@code docs/rulesets}. After a change of the rules: run with
 * {@code -Dsurefire.jvm.args=-Djnet.golden=write}, read the difference, commit it.
 */
@KernelTest
class GoldenRulesetKernelTest {
    private static final Path FOLDER = Path.of("..", "docs", "rulesets");

    @TempDir
    private Path state;

    /** Later ones have other words for some of the same rules. */
    @BeforeEach
    void asDebian12PrintsThem() {
        assumeTrue(Commands.run("nft", "--version").contains(" v1.0."), "the documents have what nftables 1.0 prints");
    }

    @Test
    void theRulesetsAreThoseInTheDocumentation() throws IOException {
        List<RulesetDocument> documents = new ArrayList<>();
        try (DocumentedHost host = new DocumentedHost(state)) {
            for (NetworkKind kind : NetworkKind.all()) {
                kind.before().forEach(command -> Commands.run(command.split(" ", -1)));
                host.create(kind.request());
                documents.add(new RulesetDocument(kind, host.tables(), host.iptables()));
                host.remove();
                if (!kind.before().isEmpty()) {
                    Commands.run("ip", "link", "delete", "br0");
                }
            }
        }
        Map<String, String> texts = new LinkedHashMap<>();
        documents.forEach(document -> texts.put(document.kind().file() + ".md", document.text()));
        texts.put("README.md", RulesetDocument.index(documents));
        if ("write".equals(System.getProperty("jnet.golden"))) {
            write(texts);
        }
        assertThat(files()).containsExactlyInAnyOrderElementsOf(texts.keySet());
        for (Map.Entry<String, String> text : texts.entrySet()) {
            assertThat(text.getValue()).as(text.getKey()).isEqualTo(Files.readString(FOLDER.resolve(text.getKey())));
        }
    }

    private static void write(Map<String, String> texts) throws IOException {
        Files.createDirectories(FOLDER);
        for (String old : files()) {
            Files.delete(FOLDER.resolve(old));
        }
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.writeString(FOLDER.resolve(text.getKey()), text.getValue());
        }
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toList());
        }
    }
}
