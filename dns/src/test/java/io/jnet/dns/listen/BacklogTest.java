package io.jnet.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final Backlog all = new Backlog(100);

    @Test
    void aNetworkHasAQuarterAndLeavesOthersTheirs() {
        Backlog one = all.share();
        Backlog other = all.share();
        assertThat(one.take(25)).isTrue();
        assertThat(one.take(1)).isFalse();
        assertThat(other.take(25)).isTrue();
        one.giveBack(5);
        assertThat(one.take(6)).isFalse();
        assertThat(one.take(5)).isTrue();
    }

    @Test
    void allNetworksHaveNoMoreThanThereIs() {
        List<Backlog> shares = Stream.generate(all::share).limit(5).toList();
        assertThat(shares.stream().filter(share -> share.take(25))).hasSize(4);
        assertThat(all.bytes()).isEqualTo(100);
        shares.get(0).giveBack(25);
        assertThat(shares.get(4).take(25)).isTrue();
        assertThat(shares.stream().mapToLong(Backlog::bytes)).containsExactly(0L, 25L, 25L, 25L, 25L);
    }
}
