package io.jnet.daemon.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Whether somebody types. */
public final class Terminal {
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");
    /** Pseudo terminals (pts(4)), and virtual and serial consoles (tty(4)). */
    private static final Pattern DEVICE = Pattern.compile("/dev/(?:pts/[0-9]+|tty[A-Za-z]*[0-9]*|console)");

    private Terminal() {}

    /** Whether standard input is a terminal; before Java 22 {@link System#console()} is there only when standard output is one too. */
    public static boolean isStandardInput() {
        try {
            return isTerminal(Files.readSymbolicLink(STANDARD_INPUT));
        } catch (IOException unknown) {
            return false;
        }
    }

    static boolean isTerminal(Path opened) {
        return DEVICE.matcher(opened.toString()).matches();
    }
}
