package io.jnet.bench.report;

import io.jnet.bench.measure.Samples;
import io.jnet.bench.report.ResultTable.Row;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Findings as text that reads well as it is. */
public final class Markdown {
    private static final String ROW = "| %-48s | %10s | %21s | %5s |%n";

    private Markdown() {}

    /**
     * The whole report.
     *
     * @param circumstances where and when it was measured, by name
     */
    public static String of(Map<String, String> circumstances, Findings findings) {
        StringBuilder text = new StringBuilder();
        circumstances.forEach((name, value) -> text.append("- %s: %s%n".formatted(name, value)));
        findings.tables().forEach(table -> text.append(of(table)));
        if (!findings.budgets().isEmpty()) {
            text.append("%n## Budgets%n%n".formatted());
            text.append(findings.budgets().stream()
                    .map(budget -> "- %s%n".formatted(budget.line()))
                    .collect(Collectors.joining()));
        }
        return text.toString();
    }

    /** One table. */
    public static String of(ResultTable table) {
        StringBuilder text = new StringBuilder("%n## %s%n%n".formatted(table.title()));
        text.append(ROW.formatted("case", "median, " + table.unit(), "min - max", "n"));
        text.append("|---|---|---|---|%n".formatted());
        for (Row row : table.rows()) {
            Samples samples = row.samples();
            text.append(ROW.formatted(
                    row.label(),
                    figure(samples.median()),
                    figure(samples.min()) + " - " + figure(samples.max()),
                    samples.values().size()));
        }
        return text.toString();
    }

    /** Three digits that count, as far as they are behind the point. */
    private static String figure(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
