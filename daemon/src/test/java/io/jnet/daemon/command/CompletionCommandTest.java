package io.jnet.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a real bash. */
class CompletionCommandTest {
    private static final String ASK =
            """
            source "$1"
            shift
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _complete_jnet
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir
    private Path folder;

    @Test
    void completesCommandsTheirCommandsAndOptions() throws IOException, InterruptedException {
        StringWriter out = new StringWriter();
        CommandContext context =
                new CommandContext(new PrintWriter(out), new PrintWriter(new StringWriter()), Map.of(), () -> {});
        assertThat(Commands.run(context, (directory, settings, deployment) -> null, "completion"))
                .isZero();
        Path script = Files.writeString(folder.resolve("completion"), out.toString());
        assertThat(completed(script, "jnet", "pub")).containsExactly("publish");
        assertThat(completed(script, "jnet", "publish", "")).contains("add", "rm");
        assertThat(completed(script, "jnet", "network", "inspect", "--js")).containsExactly("--json");
    }

    /** What bash proposes for the last word. */
    private static List<String> completed(Path script, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", ASK, "bash", script.toString()));
        command.addAll(List.of(words));
        // compopt complains when no real shell is completing.
        Process bash = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String proposed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(proposed).isZero();
        return proposed.lines().map(String::strip).toList();
    }
}
