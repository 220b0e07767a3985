package io.jnet.engine.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MendsTest {
    private static final Mends.Thing BRIDGE = Mends.Kind.BRIDGE.of("jbr-1");
    private static final Mends.Thing RULESET = Mends.Kind.RULESET.of("jnet");

    /** Near where such a number goes round. */
    private final AtomicLong clock =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(90).toNanos());

    private final Mends mends = new Mends(clock::get);
    private int worked;

    @Test
    void whatIsMendedIsCountedByItsKind() {
        mend(BRIDGE);
        mend(Mends.Kind.BRIDGE.of("jbr-2"));
        mend(RULESET);

        assertThat(mends.counts()).isEqualTo(Map.of("bridge", 2, "ruleset", 1));
        assertThat(mends.notes()).isEmpty();
        assertThat(mends.untilNext()).isEmpty();
    }

    @Test
    void whatWasFoundWholeAfterAllIsNotCounted() {
        mends.mend(BRIDGE, "was set down", Optional.empty(), () -> false);
        assertThat(mends.counts()).isEmpty();
    }

    @Test
    void whatCannotBeMendedIsNotCounted() {
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> mends.mend(BRIDGE, "was set down", Optional.empty(), () -> {
                        throw new EngineException(ErrorCode.KERNEL, "no memory");
                    }))
                    .hasMessage("no memory");
        }
        assertThat(mends.counts()).isEmpty();
        assertThat(mends.isLeft(BRIDGE)).isFalse();
    }

    @Test
    void whatIsUndoneAgainAndAgainIsLeftForAMinuteAndThenMendedAsBefore() {
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < Mends.MOST; i++) {
                mend(BRIDGE);
                pass(5);
            }
            assertThat(mends.isLeft(BRIDGE)).isFalse();
            mend(BRIDGE);
            assertThat(worked).as("round %s", round).isEqualTo(round * Mends.MOST);
            assertThat(mends.isLeft(BRIDGE)).isTrue();

            pass(59);
            mend(BRIDGE);
            assertThat(worked).isEqualTo(round * Mends.MOST);
            assertThat(mends.untilNext()).contains(Duration.ofSeconds(1));
            pass(1);
            assertThat(mends.untilNext()).isEmpty();
            assertThat(mends.isLeft(BRIDGE)).isFalse();
            assertThat(mends.notes()).isEmpty();
        }
    }

    @Test
    void whatIsUndoneNowAndThenIsMendedForEver() {
        for (int i = 1; i <= 50; i++) {
            mend(BRIDGE);
            pass(13);
            assertThat(worked).isEqualTo(i);
        }
    }

    @Test
    void oneThatIsLeftDoesNotKeepTheOthersFromBeingMended() {
        for (int i = 0; i <= Mends.MOST; i++) {
            mend(BRIDGE);
        }
        worked = 0;
        mend(RULESET);
        mend(Mends.Kind.BRIDGE.of("jbr-2"));
        assertThat(worked).isEqualTo(2);
    }

    @Test
    void aNoteNamesWhatIsLeftAndToWhom() {
        for (int i = 0; i <= Mends.MOST; i++) {
            mends.mend(RULESET, "was removed", Optional.of("nft"), () -> true);
            mends.mend(BRIDGE, "was set down", Optional.empty(), () -> true);
        }
        pass(18);
        assertThat(mends.notes())
                .containsExactly(
                        "bridge jbr-1 was set down by somebody else again and again: left as it is for another 42 seconds",
                        "the ruleset was removed by nft again and again: left as it is for another 42 seconds");
    }

    private void mend(Mends.Thing thing) {
        mends.mend(thing, "was removed", Optional.empty(), () -> {
            worked++;
            return true;
        });
    }

    private void pass(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
