package io.jnet.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.dns.forward.Outstanding.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutstandingTest {
    private final Outstanding outstanding = new Outstanding();
    private int questions;

    @Test
    void oneBeginsNoMoreThanAHundred() {
        List<Place> places = begun("a", 200);
        assertThat(places).hasSize(100);
        assertThat(begun("b", 1)).hasSize(1);
        outstanding.giveBack(places.get(0));
        assertThat(begun("a", 2)).hasSize(1);
    }

    @Test
    void allBeginNoMoreThanAThousand() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            places.addAll(begun("n" + i, 100));
        }
        assertThat(places).hasSize(1000);
        assertThat(begun("more", 1)).isEmpty();
        outstanding.giveBack(places.get(300));
        assertThat(begun("more", 2)).hasSize(1);
    }

    @Test
    void oneJoinsNoMoreThanAThousandTimesAndBeginsAllTheSame() {
        assertThat(waiting("web", "a", 1001)).hasSize(1001);
        assertThat(begun("a", 50)).hasSize(50);
        assertThat(waiting("web", "a", 100)).as("as who begins").hasSize(49);
    }

    @Test
    void whoeverBeginsIsNotKeptFromItByThoseWhoJoin() {
        for (int i = 0; i < 4; i++) {
            waiting("web", "n" + i, 1000);
        }
        assertThat(waiting("web", "more", 200)).as("as who begins").hasSize(101);
        assertThat(begun("other", 1)).hasSize(1);
    }

    /** An answer may come in between. */
    @Test
    void whoFindsNothingToJoinBegins() {
        Place first = waiting("web", "a", 1).get(0);
        Place second = waiting("web", "b", 1).get(0);
        outstanding.giveBack(first);
        List<Place> own = begun("b", 100);
        assertThat(own).hasSize(100);
        assertThat(outstanding.begin(second)).isFalse();
        outstanding.giveBack(own.get(0));
        assertThat(outstanding.begin(second)).isTrue();
        assertThat(begun("b", 1)).isEmpty();
    }

    @Test
    void nobodyWaitsWhenAllPlacesAreGivenBack() throws InterruptedException {
        List<Place> places = waiting("web", "a", 2);
        outstanding.giveBack(places.get(0));
        assertThat(outstanding.awaitNone(Duration.ofMillis(1))).isFalse();
        outstanding.giveBack(places.get(1));
        assertThat(outstanding.awaitNone(Duration.ofMillis(1))).isTrue();
    }

    /** For a question of their own each. */
    private List<Place> begun(Object account, int wanted) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            outstanding.take(questions++, account).ifPresent(places::add);
        }
        return places;
    }

    private List<Place> waiting(Object question, Object account, int wanted) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            outstanding.take(question, account).ifPresent(places::add);
        }
        return places;
    }
}
