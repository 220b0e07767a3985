package io.jnet.testbed.difference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The differences that are documented: the rows of the tables of a Markdown file whose first column is a key in backticks.
 *
 * @param rows in the order of the file
 */
public record KnownDifferences(List<Row> rows) {
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| `([^`]+)` \\| `([^`]+)` \\| (\\S.*) \\|");

    /**
     * A row. In its first three columns {@code *} stands for any text.
     *
     * @param key names of values
     * @param reference what they are with the reference plugins
     * @param jnet what they are with jnet
     * @param reason why
     */
    public record Row(String key, String reference, String jnet, String reason) {
        /** Whether a difference is this one. */
        public boolean tells(Difference difference) {
            return matches(key, difference.key())
                    && matches(reference, difference.reference())
                    && matches(jnet, difference.jnet());
        }

        private static boolean matches(String pattern, String text) {
            StringBuilder expression = new StringBuilder();
            for (String part : pattern.split("\\*", -1)) {
                expression.append(expression.isEmpty() ? "" : ".*").append(Pattern.quote(part));
            }
            return text.matches(expression.toString());
        }
    }

    public KnownDifferences {
        rows = List.copyOf(rows);
    }

    /** Reads a file. */
    public static KnownDifferences in(Path file) {
        try (var lines = Files.lines(file)) {
            return new KnownDifferences(lines.filter(line -> line.startsWith("| `"))
                    .map(KnownDifferences::row)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }

    private static Row row(String line) {
        Matcher row = ROW.matcher(line);
        if (!row.matches()) {
            throw new IllegalStateException("want | `key` | `reference` | `jnet` | reason |, got " + line);
        }
        return new Row(row.group(1), row.group(2), row.group(3), row.group(4));
    }

    /** Those of the differences that no row tells. */
    public List<Difference> unknown(List<Difference> differences) {
        return differences.stream()
                .filter(difference -> rows.stream().noneMatch(row -> row.tells(difference)))
                .toList();
    }

    /** The rows that tell none of the differences. */
    public List<Row> unseen(List<Difference> differences) {
        return rows.stream()
                .filter(row -> differences.stream().noneMatch(row::tells))
                .toList();
    }
}
