package io.jnet.daemon.command;

import java.io.PrintWriter;
import java.util.Map;

/**
 * What a command has of its process.
 *
 * @param out standard output
 * @param err standard error
 * @param environment the environment variables
 */
public record CommandContext(PrintWriter out, PrintWriter err, Map<String, String> environment) {

    /** The context of this process. */
    public static CommandContext ofProcess() {
        return new CommandContext(
                new PrintWriter(System.out, false, java.nio.charset.StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, java.nio.charset.StandardCharsets.UTF_8),
                System.getenv());
    }
}
