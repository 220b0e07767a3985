package io.jnet.daemon.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/** {@code TIME LEVEL CLASS MESSAGE KEY=VALUE...}, and the trace of a cause in lines of its own. */
final class TextLine {
    private static final Pattern BREAKS = Pattern.compile("[\\x00-\\x1f\\x7f]+");

    private TextLine() {}

    static String of(LogEntry entry) {
        StringBuilder line = new StringBuilder(160)
                .append(entry.time())
                .append(' ')
                .append(entry.level())
                .append(' ')
                .append(entry.logger())
                .append(' ')
                .append(oneLine(entry.message()));
        for (KeyValuePair pair : entry.pairs()) {
            line.append(' ').append(pair.key).append('=').append(oneLine(String.valueOf(pair.value)));
        }
        line.append('\n');
        entry.cause().ifPresent(cause -> line.append(trace(cause)));
        return line.toString();
    }

    static String trace(Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    /** A message may repeat what a client sent: it must not be able to forge lines. */
    private static String oneLine(String text) {
        return text == null ? "" : BREAKS.matcher(text).replaceAll(" ");
    }
}
