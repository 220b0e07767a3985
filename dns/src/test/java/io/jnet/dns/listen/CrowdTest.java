package io.jnet.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.address.IpAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private static final IpAddress LOUD = IpAddress.parse("10.77.0.2");
    private static final IpAddress QUIET = IpAddress.parse("10.77.0.3");

    private long now = 1;
    private final Crowd crowd = new Crowd(() -> now);

    @Test
    void allAreAnsweredWhoPauseNowAndThen() {
        for (int i = 0; i < 100; i++) {
            assertThat(admitted(Crowd.CALM)).isEqualTo(Crowd.CALM);
            crowd.pause();
        }
    }

    @Test
    void whoDoesNotPauseIsHeldToAShareAndOthersAreNot() {
        assertThat(admitted(Crowd.CALM)).isEqualTo(Crowd.CALM);
        for (int i = 0; i < 3; i++) {
            assertThat(admitted(10_000)).isEqualTo(Crowd.SHARE);
            assertThat(crowd.admits(QUIET)).isTrue();
            now += Crowd.WINDOW.toNanos();
        }
    }

    @Test
    void aCrowdIsRememberedForAWhile() {
        admitted(Crowd.CALM + 1);
        now += Crowd.MEMORY.toNanos() - 1;
        crowd.pause();
        assertThat(admitted(Crowd.CALM)).isEqualTo(Crowd.SHARE);
        now += 1;
        crowd.pause();
        assertThat(admitted(Crowd.CALM)).isEqualTo(Crowd.CALM);
    }

    @Test
    void whatHasBeenWaitingIsAnswered() {
        Crowd resumed = Crowd.afterAWhile();
        assertThat(IntStream.range(0, 4000).allMatch(i -> resumed.admits(LOUD))).isTrue();
        resumed.pause();
        assertThat(IntStream.range(0, 4000).allMatch(i -> resumed.admits(LOUD))).isFalse();
    }

    private long admitted(int datagrams) {
        return IntStream.range(0, datagrams).filter(i -> crowd.admits(LOUD)).count();
    }
}
