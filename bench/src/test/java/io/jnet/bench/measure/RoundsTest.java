package io.jnet.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void eachCaseRunsOnceARoundAndWarmingUpIsNotCounted() {
        List<String> calls = new ArrayList<>();
        Map<String, Samples> samples = new Rounds(2, 3)
                .interleave(List.of(
                        recorder -> {
                            calls.add("a");
                            recorder.record("a", calls.size());
                        },
                        recorder -> {
                            calls.add("b");
                            recorder.record("b", calls.size());
                        }));
        assertThat(calls).hasSize(10);
        for (int round = 0; round < 5; round++) {
            assertThat(calls.subList(2 * round, 2 * round + 2)).containsExactlyInAnyOrder("a", "b");
        }
        assertThat(samples.get("a").values()).hasSize(3).allMatch(position -> position > 4);
        assertThat(samples.get("b").values()).hasSize(3);
    }

    @Test
    void theOrderChanges() {
        List<String> calls = new ArrayList<>();
        new Rounds(0, 20).interleave(List.of(recorder -> calls.add("a"), recorder -> calls.add("b")));
        assertThat(String.join("", calls)).contains("aa", "bb");
    }

    @Test
    void timeIsTakenInMilliseconds() {
        Map<String, Samples> samples =
                new Rounds(0, 1).interleave(List.of(recorder -> recorder.time("work", () -> spin(5))));
        assertThat(samples.get("work").median()).isBetween(5.0, 5000.0);
    }

    private static void spin(int millis) {
        long end = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
