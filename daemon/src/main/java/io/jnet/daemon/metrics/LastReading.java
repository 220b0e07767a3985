package io.jnet.daemon.metrics;

import io.jnet.engine.failure.EngineException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counters of the kernel, or the last ones that could be read: lists that change all the time cannot always be, and a counter that is away for
 * a moment would look as if it had begun anew. Not thread-safe.
 */
final class LastReading<T> {
    private static final Logger LOG = LoggerFactory.getLogger(LastReading.class);

    private T last;
    private long failures;

    /** @param first what is told until something could be read */
    LastReading(T first) {
        last = first;
    }

    T read(Supplier<T> reading) {
        try {
            last = reading.get();
        } catch (EngineException refused) {
            failures++;
            LOG.debug("telling counters of before: {}", refused.getMessage());
        }
        return last;
    }

    /** How often it could not be read. */
    long failures() {
        return failures;
    }
}
