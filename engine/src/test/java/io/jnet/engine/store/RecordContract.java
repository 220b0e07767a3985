package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.time.Duration;
import java.util.function.Supplier;

/** What holds of every record that is read from the store, whatever bytes are there. */
public final class RecordContract {
    private static final String LINE = "unreadable [\\x20-\\x7e]{1,1000}";
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private RecordContract() {}

    /** Bytes are a record that has all its parts and is written as one that equals it, or are refused. */
    public static <T> void check(byte[] bytes, Class<T> type) {
        String key = new String(bytes, UTF_8);
        assertTimeout(
                LONGEST,
                () -> refusing(() -> {
                    T record = StateJson.decode(bytes, type, key);
                    assertThat(Completeness.absent(record)).isEmpty();
                    assertThat(record.toString()).isNotNull();
                    assertThat(StateJson.decode(StateJson.encode(record), type, key))
                            .isEqualTo(record);
                    return record;
                }));
    }

    /** Asks for something that is read from the store, which may refuse it as it refuses damaged records. */
    public static void refusing(Supplier<?> reading) {
        try {
            assertThat(reading.get()).isNotNull();
        } catch (EngineException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(refused.getMessage()).matches(LINE);
        }
    }
}
