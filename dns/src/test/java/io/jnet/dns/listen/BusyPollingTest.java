package io.jnet.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BusyPollingTest {
    private final BusyPolling polling = new BusyPolling();
    private long now;

    @Test
    void onlyQuestionsThatComeFastAreLookedFor() {
        for (int i = 1; i < BusyPolling.SHORT_IN_A_ROW; i++) {
            assertThat(comesAfter(BusyPolling.SHORT - 1)).isFalse();
        }
        assertThat(comesAfter(BusyPolling.SHORT)).as("one that is slow").isFalse();
        for (int i = 0; i < BusyPolling.SHORT_IN_A_ROW; i++) {
            assertThat(comesAfter(BusyPolling.SHORT - 1)).isFalse();
        }
        assertThat(comesAfter(10)).isTrue();
        assertThat(comesAfter(BusyPolling.LONGEST - 1)).isTrue();
    }

    @Test
    void looksInVainComeToAnEnd() {
        begin();
        for (int i = 1; i < BusyPolling.VAIN_IN_A_ROW; i++) {
            assertThat(comesAfter(BusyPolling.LONGEST)).as("slept at last").isFalse();
        }
        assertThat(comesAfter(10)).as("not in vain").isTrue();
        for (int i = 0; i < BusyPolling.VAIN_IN_A_ROW; i++) {
            assertThat(comesAfter(BusyPolling.LONGEST)).isFalse();
        }
        assertThat(comesAfter(10)).as("no look any more").isFalse();
    }

    @Test
    void aSilenceIsOneLook() {
        begin();
        polling.pause(now);
        now += 3_600_000_000_000L;
        assertThat(polling.looks(now)).isFalse();
    }

    private void begin() {
        for (int i = 0; i < BusyPolling.SHORT_IN_A_ROW; i++) {
            comesAfter(10);
        }
    }

    /** Whether a question that comes after a pause was looked for to its end. */
    private boolean comesAfter(long pause) {
        polling.pause(now);
        now += pause;
        boolean looked = polling.looks(now);
        polling.found(now);
        return looked;
    }
}
