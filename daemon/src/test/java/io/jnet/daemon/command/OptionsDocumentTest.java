package io.jnet.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code docs/options.md} says that commands have in common, against their own help. */
class OptionsDocumentTest {
    private static final Path PAGE = Path.of("..", "docs", "options.md");
    private static final Pattern HEADING = Pattern.compile("\n## `jnet network`(.*)\n");
    private static final Pattern NAME = Pattern.compile("`([a-z]+)`");
    private static final Pattern SENTENCE = Pattern.compile(
            "The others take `--socket`, but for ([^,]*), and `--json`, but for (.*?)\\.\\s", Pattern.DOTALL);
    private static final List<String> COMMANDS = List.of(
            "network ls",
            "network inspect",
            "network rm",
            "endpoint ls",
            "ports",
            "port",
            "publish add",
            "publish rm",
            "ipam pools",
            "ipam leases",
            "status",
            "metrics",
            "state export",
            "prune",
            "adopt",
            "clean",
            "migrate",
            "completion");

    @Test
    void theExceptionsAreThose() throws IOException {
        String page = Files.readString(PAGE);
        var heading = HEADING.matcher(page);
        assertThat(heading.find()).isTrue();
        Set<String> listed = names(heading.group(1));
        listed.add("network");
        assertThat(COMMANDS.stream().map(OptionsDocumentTest::first).collect(Collectors.toSet()))
                .isEqualTo(listed);
        var sentence = SENTENCE.matcher(page);
        assertThat(sentence.find()).isTrue();
        assertThat(names(sentence.group(1))).isEqualTo(without("--socket"));
        assertThat(names(sentence.group(2))).isEqualTo(without("--json"));
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(name -> name.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> without(String option) {
        return COMMANDS.stream()
                .filter(command -> !help(command).contains(option))
                .map(OptionsDocumentTest::first)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String first(String command) {
        return command.split(" ", -1)[0];
    }

    private static String help(String command) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        CommandContext context = new CommandContext(writer, writer, Map.of(), () -> {});
        assertThat(Commands.run(
                        context, (directory, settings, deployment) -> null, (command + " --help").split(" ", -1)))
                .as(command)
                .isZero();
        return out.toString();
    }
}
