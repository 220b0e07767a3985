package io.jnet.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(new Samples(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4.0);
        assertThat(new Samples(List.of(9.0, 1.0, 4.0, 6.0)).median()).isEqualTo(5.0);
        assertThat(Samples.of(3.0).median()).isEqualTo(3.0);
    }

    @Test
    void quantilesLieBetweenTheSmallestAndTheLargest() {
        Samples samples = new Samples(List.of(30.0, 10.0, 20.0));
        assertThat(samples.min()).isEqualTo(10.0);
        assertThat(samples.max()).isEqualTo(30.0);
        assertThat(samples.quantile(0.25)).isEqualTo(15.0);
    }

    @Test
    void differencesAreTakenRoundByRound() {
        Samples with = new Samples(List.of(110.0, 210.0));
        Samples without = new Samples(List.of(100.0, 200.0));
        assertThat(with.minus(without).values()).containsExactly(10.0, 10.0);
    }

    @Test
    void whatWasNotMeasuredInTheSameRoundsHasNoDifference() {
        Samples two = new Samples(List.of(1.0, 2.0));
        assertThatThrownBy(() -> two.minus(Samples.of(1.0))).hasMessage("2 rounds against 1");
        assertThatThrownBy(() -> new Samples(List.of())).hasMessage("no measurements");
    }
}
