package io.jnet.daemon.log;

import java.util.Locale;

/** What a line of the log looks like. */
public enum LogFormat {
    /** {@code TIME LEVEL CLASS MESSAGE KEY=VALUE...}, for people. */
    TEXT {
        @Override
        String line(LogEntry entry) {
            return TextLine.of(entry);
        }
    },
    /** One JSON object, for programs. */
    JSON {
        @Override
        String line(LogEntry entry) {
            return JsonLine.of(entry);
        }
    };

    private static volatile LogFormat current = TEXT;

    /** With its end. */
    abstract String line(LogEntry entry);

    /** Has all loggers of this process write so from now on. */
    public static void use(LogFormat format) {
        current = format;
    }

    static LogFormat current() {
        return current;
    }

    /** {@code text} or {@code json}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
