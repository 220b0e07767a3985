package io.jnet.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutstandingTest {
    private final Outstanding outstanding = new Outstanding();

    @Test
    void oneTakesNoMoreThanAHundred() {
        assertThat(taken("a", 200)).isEqualTo(100);
        assertThat(taken("b", 1)).isEqualTo(1);
        outstanding.giveBack("a");
        assertThat(taken("a", 2)).isEqualTo(1);
    }

    @Test
    void allTakeNoMoreThanAThousand() {
        for (int i = 0; i < 10; i++) {
            assertThat(taken("n" + i, 100)).isEqualTo(100);
        }
        assertThat(taken("more", 1)).isZero();
        outstanding.giveBack("n3");
        assertThat(taken("more", 2)).isEqualTo(1);
    }

    private int taken(Object account, int wanted) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += outstanding.take(account) ? 1 : 0;
        }
        return taken;
    }
}
