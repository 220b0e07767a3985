package io.jnet.testbed.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a load has counted.
 *
 * @param connections how many new connections were tried
 * @param failed how many of them were refused, broken or not answered
 * @param slowestMillis the longest time from connect to the end of the answer
 * @param streamLost how many numbers did not come back on the lasting connection
 */
public record LoadReport(int connections, int failed, long slowestMillis, int streamLost) {
    private static final Pattern LINE = Pattern.compile(
            "LoadReport\\[connections=(\\d+), failed=(\\d+), slowestMillis=(\\d+), streamLost=(-?\\d+)\\]");

    /** Reads the report out of what a load has printed. */
    public static LoadReport parse(String output) {
        Matcher line = LINE.matcher(output);
        if (!line.find()) {
            throw new IllegalArgumentException("no report in: " + output);
        }
        return new LoadReport(
                Integer.parseInt(line.group(1)),
                Integer.parseInt(line.group(2)),
                Long.parseLong(line.group(3)),
                Integer.parseInt(line.group(4)));
    }
}
