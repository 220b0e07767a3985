package io.jnet.daemon.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How long ago this process was started, Java's own start included: {@link ProcessHandle} tells it against the wall clock at boot, which the
 * kernel gives in whole seconds.
 */
public final class ProcessAge {
    /** Ticks a second in proc(5): {@code USER_HZ}, 100 on every architecture that Java runs on. */
    private static final int TICKS = 100;
    /** Field 22 of {@code /proc/self/stat} is the start in ticks since boot; 19 fields after the name, which may hold spaces. */
    private static final int START_AFTER_NAME = 19;

    private ProcessAge() {}

    /** The age, to 10 milliseconds; zero when proc(5) cannot be read. */
    public static Duration now() {
        try {
            return between(Files.readString(Path.of("/proc/self/stat")), Files.readString(Path.of("/proc/uptime")));
        } catch (IOException unreadable) {
            return Duration.ZERO;
        }
    }

    static Duration between(String stat, String uptime) {
        List<String> fields =
                List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1));
        long started = Long.parseLong(fields.get(START_AFTER_NAME)) * 1000 / TICKS;
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return Duration.ofMillis(Math.round(seconds * 1000) - started);
    }
}
