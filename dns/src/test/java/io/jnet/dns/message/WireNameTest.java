package io.jnet.dns.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireNameTest {
    @Test
    void nameIsTheSameFromTextAndFromAMessage() {
        byte[] message = "xx\3WEB\4test\0yy".getBytes(ISO_8859_1);
        WireName read = WireName.read(ByteBuffer.wrap(message), 2).orElseThrow();
        assertThat(read).isEqualTo(WireName.of("web.test")).hasSameHashCodeAs(WireName.of("web.test"));
        assertThat(read).hasToString("web.test");
        assertThat(read.length()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "a.b.test, test, true",
        "test, test, true",
        "a.b.test, b.test, true",
        "ab.test, b.test, false",
        "test, a.test, false",
        "xtest, test, false",
        "a.test, b.test, false"
    })
    void isInTheDomainsAboveIt(String name, String domain, boolean expected) {
        assertThat(WireName.of(name).isIn(WireName.of(domain))).isEqualTo(expected);
    }

    @Test
    void labelThatLooksLikeTheEndOfADomainIsNone() {
        // One label of the bytes 1, "b", 4, "test": a comparison of bytes alone would find b.test at its end.
        WireName label = WireName.read(ByteBuffer.wrap("\7\1b\4test\0".getBytes(ISO_8859_1)), 0)
                .orElseThrow();
        assertThat(label.isLabel()).isTrue();
        assertThat(label.isIn(WireName.of("b.test"))).isFalse();
    }

    @Test
    void rootIsAboveAllAndBelowNone() {
        WireName root = WireName.read(ByteBuffer.wrap(new byte[1]), 0).orElseThrow();
        assertThat(root.isRoot()).isTrue();
        assertThat(root.isLabel()).isFalse();
        assertThat(root.parent()).isEqualTo(root);
        assertThat(root.firstLabel()).isEmpty();
        assertThat(root).hasToString(".");
        assertThat(WireName.of("test").isIn(root)).isTrue();
        assertThat(WireName.of("test").parent()).isEqualTo(root);
    }

    @Test
    void nameBelowADomainHasAnEnd() {
        WireName domain = WireName.of(("a".repeat(60) + ".").repeat(4) + "test");
        assertThat(WireName.of("web").below(domain)).contains(WireName.of("web." + domain));
        assertThat(WireName.of("webwebwe").below(domain)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "63, 64", "254, 255"})
    void partOfANameIsNone(int length, int wanted) {
        byte[] bytes = new byte[wanted];
        for (int i = 0; i < length; i += 2) {
            bytes[i] = 1;
        }
        boolean ends = length % 2 == 0;
        assertThat(WireName.read(ByteBuffer.wrap(bytes, 0, length), 0)).isEmpty();
        assertThat(WireName.read(ByteBuffer.wrap(bytes), 0).isPresent()).isEqualTo(ends);
    }

    @Test
    void nameOfTooManyBytesIsNone() {
        byte[] bytes = new byte[259];
        for (int i = 0; i < 256; i += 2) {
            bytes[i] = 1;
        }
        assertThat(WireName.read(ByteBuffer.wrap(bytes), 0)).isEmpty();
        assertThat(WireName.read(ByteBuffer.wrap(bytes), 2)).isPresent();
    }
}
