package io.jnet.daemon.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Optional;

/** Counts what the front ends are asked, and how long it takes. Thread-safe. */
final class Operations implements OperationListener {
    /** Seconds: an answer from the store is below the first, a queue behind a slow disk above the last. */
    private static final double[] BOUNDS = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram durations = Histogram.builder()
            .name(Metric.OPERATIONS.text())
            .help(Metric.OPERATIONS.help())
            .labelNames(Metric.OPERATIONS.labels().toArray(String[]::new))
            .classicOnly()
            .classicUpperBounds(BOUNDS)
            .withoutExemplars()
            .register(registry);
    private final Counter errors = Counter.builder()
            .name(Metric.ERRORS.text())
            .help(Metric.ERRORS.help())
            .labelNames(Metric.ERRORS.labels().toArray(String[]::new))
            .withoutExemplars()
            .register(registry);

    @Override
    public void ended(FrontEnd frontEnd, String operation, long begun, Optional<? extends Enum<?>> failure) {
        String result = failure.isPresent() ? "error" : "ok";
        durations
                .labelValues(frontEnd.text(), operation, result)
                .observe((System.nanoTime() - begun) / NANOS_PER_SECOND);
        failure.ifPresent(
                code -> errors.labelValues(frontEnd.text(), code.name().toLowerCase(Locale.ROOT))
                        .inc());
    }

    PrometheusRegistry registry() {
        return registry;
    }
}
