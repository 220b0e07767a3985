package io.jnet.daemon.command;

import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.prune.Pause;
import io.jnet.daemon.terminal.StandardOutput;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command has of its process.
 *
 * @param out standard output
 * @param err standard error
 * @param environment the environment variables
 * @param pause how time passes between two looks at something that others change
 */
public record CommandContext(PrintWriter out, PrintWriter err, Map<String, String> environment, Pause pause) {

    /** Prints a message as JSON, on a line of its own. */
    void printJson(Object message) {
        out.println(new String(ControlJson.write(message), StandardCharsets.UTF_8));
    }

    /** The context of this process. */
    public static CommandContext ofProcess() {
        return new CommandContext(
                StandardOutput.ofProcess(),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                Pause.ONE_SECOND);
    }
}
