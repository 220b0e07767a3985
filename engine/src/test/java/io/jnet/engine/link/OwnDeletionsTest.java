package io.jnet.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnDeletionsTest {
    private final OwnDeletions own = new OwnDeletions();

    @Test
    void aLinkIsInItUntilItIsGoneOrTheRequestRefused() {
        own.begin(List.of(7, 8, 9));
        own.end(7);
        own.giveUp(List.of(8));

        assertThat(own.contains(7)).isFalse();
        assertThat(own.contains(8)).isFalse();
        assertThat(own.contains(9)).isTrue();
        assertThat(own.contains(10)).isFalse();
    }

    @Test
    void linksWhoseEndWasNeverToldOfDoNotStayForEver() {
        own.begin(List.of(1));
        IntStream.rangeClosed(2, 4097).forEach(index -> own.begin(List.of(index)));

        assertThat(own.contains(1)).isFalse();
        assertThat(own.contains(2)).isTrue();
        assertThat(own.contains(4097)).isTrue();
    }
}
