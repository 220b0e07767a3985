package io.jnet.engine.host;

import java.nio.file.Path;
import java.util.List;

/**
 * Where an engine's process lives.
 *
 * @param name what it is called when another one finds it at work: {@code another jnet daemon}
 * @param howToEnd what a person does to end it: {@code stop it}
 * @param settings {@code /proc/sys}, or where it is mounted writable
 */
public record Residence(String name, String howToEnd, Path settings) {
    /** A process that sees the host as it is. */
    public static final Residence HOST = new Residence("another jnet daemon", "stop it", Path.of("/proc/sys"));

    private static final int LINES = 3;

    /** As {@link HostClaim} tells it the next one: a line each, and one with the process as it counts itself. */
    String toText() {
        return name + "\n" + howToEnd + "\n" + ProcessHandle.current().pid();
    }

    /**
     * Puts into words that another one is at work.
     *
     * @param text what it has said of itself; one of an earlier version says nothing
     * @param processId as it is seen from here, 0 when it is not
     */
    static String conflict(String text, int processId) {
        List<String> lines = text.lines().toList();
        boolean told = lines.size() == LINES;
        // From within a process namespace those outside are not seen, and are what they say; a first process says
        // nothing by that.
        String process = processId > 0 || !told ? Integer.toString(processId) : lines.get(LINES - 1);
        return (told ? lines.get(0) : HOST.name)
                + (process.matches("[01]|.*[^0-9].*") ? "" : ", process " + process + ",")
                + " works in this network namespace: " + (told ? lines.get(1) : HOST.howToEnd)
                + ", or start this one in a network namespace of its own";
    }
}
