package io.jnet.daemon.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of gauges and counters at one moment. Not thread-safe. */
final class Reading {
    private static final String TOTAL = "_total";

    private final Map<Metric, Map<Labels, Double>> values = new EnumMap<>(Metric.class);

    /** Adds a value; to what the same labels have already, since a series may be there once only. */
    void add(Metric metric, double value, String... labelValues) {
        Labels labels = Labels.of(metric.labels().toArray(String[]::new), labelValues);
        values.computeIfAbsent(metric, none -> new LinkedHashMap<>()).merge(labels, value, Double::sum);
    }

    /** The same for a number of things: Prometheus knows no other numbers. */
    void add(Metric metric, long value, String... labelValues) {
        add(metric, (double) value, labelValues);
    }

    List<MetricSnapshot> snapshots() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        values.forEach((metric, series) ->
                snapshots.add(metric.kind() == Metric.Kind.COUNTER ? counter(metric, series) : gauge(metric, series)));
        return snapshots;
    }

    private static MetricSnapshot counter(Metric metric, Map<Labels, Double> series) {
        // The writer puts the end on again.
        String name = metric.text().substring(0, metric.text().length() - TOTAL.length());
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(metric.help());
        series.forEach((labels, value) -> builder.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
        return builder.build();
    }

    private static MetricSnapshot gauge(Metric metric, Map<Labels, Double> series) {
        GaugeSnapshot.Builder builder =
                GaugeSnapshot.builder().name(metric.text()).help(metric.help());
        series.forEach((labels, value) -> builder.dataPoint(
                GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
        return builder.build();
    }
}
