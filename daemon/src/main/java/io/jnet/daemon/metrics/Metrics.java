package io.jnet.daemon.metrics;

import io.jnet.daemon.service.Backend;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All metrics as text for Prometheus. Thread-safe. */
public final class Metrics {
    /** The media type of {@link #text}. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /** Who asks more often gets the same text again: asking costs the host so much, whoever may ask. */
    private static final Duration FRESH = Duration.ofMillis(100);

    /**
     * @param made when, by {@link System#nanoTime}
     */
    @SuppressWarnings("ArrayRecordComponent") // sent as it is, never compared
    private record Page(byte[] text, long made) {}

    private final Supplier<Backend> backend;
    private final LazyOperations operations = new LazyOperations();
    private final HostReading host;
    private Optional<Page> last = Optional.empty();

    /**
     * @param backend asked for at each request
     * @param version of the daemon
     */
    public Metrics(Supplier<Backend> backend, String version) {
        this.backend = backend;
        host = new HostReading(version);
    }

    /** Has what takes a while ready for the first operation. */
    public void prepare() {
        operations.get();
    }

    /** Where front ends count their operations. */
    public OperationListener operations() {
        return operations;
    }

    /** What is wrong with the daemon, in words; empty when all is well. */
    public List<String> troubles() {
        return backend.get().engine().troubles();
    }

    /** All metrics in Prometheus' text format, UTF-8; at most a tenth of a second old. */
    public synchronized byte[] text() {
        Page page = last.filter(one -> System.nanoTime() - one.made() < FRESH.toNanos())
                .orElseGet(() -> new Page(write(), System.nanoTime()));
        last = Optional.of(page);
        return page.text();
    }

    private byte[] write() {
        List<MetricSnapshot> all = new ArrayList<>(host.read(backend.get()).snapshots());
        operations.get().registry().scrape().forEach(all::add);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.builder()
                    .setIncludeCreatedTimestamps(false)
                    .build()
                    .write(text, new MetricSnapshots(all), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toByteArray();
    }
}
