package io.jnet.netlink.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs the field's own commands beside jnet's code, to compare. A child process starts in the network namespace of the calling thread,
 * because the JDK's posix_spawn forks from that thread.
 */
public final class Commands {
    private Commands() {}

    /** Runs a command again and again until it prints a text: for what the kernel does some time after it was asked for. */
    public static void runUntil(String text, String... command) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!run(command).contains(text)) {
            assertThat(System.nanoTime())
                    .as("%s prints %s", List.of(command), text)
                    .isLessThan(deadline);
        }
    }

    /** Runs a command that must succeed, and answers its standard output. */
    public static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
            return output;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
