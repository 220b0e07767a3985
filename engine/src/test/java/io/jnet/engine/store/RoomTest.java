package io.jnet.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.host.ChangedSetting;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is full: with records of which many are in a page, and with such as take several. */
class RoomTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1_500, 3_000, 20_000, 100_000})
    void allCanBeRemovedFromAFullFileAndAsMuchAddedAgain(int length) {
        try (StateStore store = SmallStore.open(directory, "here")) {
            int added = SmallStore.fill(store, length);
            assertThat((long) added * length).isGreaterThan(1L << 20);
            store.write(state -> {
                state.put(new ChangedSetting("not new to the host", "0", "1"));
                return state;
            });
            for (int i = 0; i < added; i++) {
                int number = (int) (i * 7_919L % added);
                assertThatCode(() -> SmallStore.remove(store, number))
                        .as("removal " + i + " of " + added)
                        .doesNotThrowAnyException();
            }
            assertThat(SmallStore.fill(store, length)).isCloseTo(added, Percentage.withPercentage(10));
        }
    }

    /** What many small ones have left is no room for a large one, and still room for removals. */
    @ParameterizedTest
    @ValueSource(ints = {1_500, 3_000})
    void afterARefusalOfALargeRecordTheSmallOnesCanBeRemoved(int length) {
        try (StateStore store = SmallStore.open(directory, "here")) {
            int added = SmallStore.fill(store, length);
            byte[] large = new byte[1 << 20];
            for (int i = 0; i < 3; i++) {
                assertThatCode(() -> store.write(state -> {
                            state.table(SideTable.LEASE_OWNER).put(new byte[] {1}, large);
                            return state;
                        }))
                        .isInstanceOf(EngineException.class);
            }
            for (int number : List.of(0, added / 2, added - 1)) {
                SmallStore.remove(store, number);
            }
        }
    }
}
