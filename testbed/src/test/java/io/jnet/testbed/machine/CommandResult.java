package io.jnet.testbed.machine;

import java.util.List;

/**
 * How a command ended.
 *
 * @param command the command and its arguments
 * @param exitStatus as wait(2) tells it; above 128 for a signal
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 */
public record CommandResult(List<String> command, int exitStatus, String output, String errors) {
    public CommandResult {
        command = List.copyOf(command);
    }

    /** Whether the exit status is 0. */
    public boolean succeeded() {
        return exitStatus == 0;
    }

    /** Standard output without the white space around it. */
    public String text() {
        return output.strip();
    }

    /** The lines of standard output that are not blank. */
    public List<String> lines() {
        return output.lines().filter(line -> !line.isBlank()).toList();
    }

    /** Standard output and standard error, for looking for a message in either. */
    public String everything() {
        return output + errors;
    }

    /**
     * This result, when the command succeeded.
     *
     * @throws IllegalStateException with all that it wrote otherwise
     */
    public CommandResult orThrow() {
        if (!succeeded()) {
            throw new IllegalStateException(
                    "exit status %d of %s%n%s%s".formatted(exitStatus, String.join(" ", command), output, errors));
        }
        return this;
    }
}
