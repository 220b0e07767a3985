package io.jnet.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkMarkTest {
    private static final String INSTANCE = "0123456789abcdef".repeat(2);

    @Test
    void aMarkIsReadAsItIsWritten() {
        Particulars particulars = new Particulars.Builder()
                .with("name", Optional.of("web"))
                .with("gw", List.of("10.1.0.1", "fd00::1"))
                .with("via", List.of())
                .build();
        LinkMark mark = new LinkMark(INSTANCE, LinkMark.Owner.NETWORK, "93ab", particulars);
        assertThat(mark.alias()).isEqualTo("jnet " + INSTANCE + " network 93ab name=web gw=10.1.0.1,fd00::1");
        assertThat(LinkMark.parse(mark.alias())).contains(mark);
    }

    @Test
    void aMarkOfTheFirstVersionIsUnderstoodAndOfTheSameOwner() {
        String first = "jnet " + INSTANCE + " endpoint 93ab";
        assertThat(LinkMark.parse(first))
                .contains(new LinkMark(INSTANCE, LinkMark.Owner.ENDPOINT, "93ab", Particulars.NONE));
        assertThat(LinkMark.isSameOwner(Optional.of(first), first + " addr=10.1.0.2/24"))
                .isTrue();
        assertThat(LinkMark.isSameOwner(Optional.of(first + "c"), first)).isFalse();
        assertThat(LinkMark.isSameOwner(Optional.empty(), first)).isFalse();
    }

    @Test
    void whatHasNoRoomIsLeftOutAndMissed() {
        Particulars particulars = new Particulars.Builder()
                .with("name", "n".repeat(128))
                .with("bind", "b".repeat(64))
                .with("mtu", "1400")
                .build();
        String alias = new LinkMark(INSTANCE, LinkMark.Owner.NETWORK, "f".repeat(64), particulars).alias();
        assertThat(alias).hasSizeLessThanOrEqualTo(255).endsWith(" +");
        Particulars read = LinkMark.parse(alias).orElseThrow().particulars();
        assertThat(read.complete()).isFalse();
        assertThat(read.value("name")).contains("n".repeat(128));
        assertThat(read.value("bind")).isEmpty();
    }

    @Test
    void theLongestMarkOfAllFits() {
        Particulars particulars =
                new Particulars.Builder().with("name", "n".repeat(200)).build();
        for (int length = 1; length <= 128; length++) {
            String alias = new LinkMark(INSTANCE, LinkMark.Owner.ENDPOINT, "f".repeat(length), particulars).alias();
            assertThat(alias).hasSizeLessThanOrEqualTo(255);
            assertThat(LinkMark.parse(alias)).isPresent();
        }
    }

    @Test
    void textThatAnAliasCannotHoldIsLeftOut() {
        Particulars particulars = new Particulars.Builder()
                .with("box", "/run/a b")
                .with("ctr", "one")
                .build();
        assertThat(particulars.complete()).isFalse();
        assertThat(particulars.value("box")).isEmpty();
        assertThat(particulars.value("ctr")).contains("one");
    }

    @Test
    void whatIsNoMarkIsNone() {
        String mark = "jnet " + INSTANCE + " network web";
        for (String alias : List.of(
                "",
                mark + " ",
                mark + " name",
                mark + " name=",
                mark + " name=a\n",
                mark + " + name=a",
                mark + "  name=a",
                "jnet web network web")) {
            assertThat(LinkMark.parse(alias)).as(alias).isEmpty();
        }
    }
}
