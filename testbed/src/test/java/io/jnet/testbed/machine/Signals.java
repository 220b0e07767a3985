package io.jnet.testbed.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Signals that {@link ProcessHandle} does not know. */
final class Signals {
    private Signals() {}

    /**
     * Sends a signal.
     *
     * @param name without SIG
     * @param pid as the tests' machine sees it
     */
    static void send(String name, long pid) {
        List<String> command = List.of("kill", "-" + name, Long.toString(pid));
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new IllegalStateException("exit status " + status + " of " + command);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
