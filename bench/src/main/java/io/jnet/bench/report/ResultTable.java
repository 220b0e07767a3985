package io.jnet.bench.report;

import io.jnet.bench.measure.Samples;
import java.util.List;
import java.util.Map;

/**
 * Cases that are compared.
 *
 * @param title what was done
 * @param unit of all values, such as {@code ms}
 * @param rows one for each case
 */
public record ResultTable(String title, String unit, List<Row> rows) {
    public ResultTable {
        rows = List.copyOf(rows);
    }

    /**
     * One case.
     *
     * @param label its name
     * @param samples its measurements
     */
    public record Row(String label, Samples samples) {}

    /** A table of all that was recorded, in the order of the labels given. */
    public static ResultTable of(String title, String unit, Map<String, Samples> samples, List<String> labels) {
        return new ResultTable(
                title,
                unit,
                labels.stream().map(label -> new Row(label, samples.get(label))).toList());
    }
}
