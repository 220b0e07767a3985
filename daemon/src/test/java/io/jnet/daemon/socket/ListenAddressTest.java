package io.jnet.daemon.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9478", "0.0.0.0:1", "[::1]:65535", "[::]:9478"})
    void isWrittenAsItIsRead(String text) {
        assertThat(ListenAddress.parse(text)).hasToString(text);
    }

    @Test
    void aPortAloneIsLoopbacks() {
        assertThat(ListenAddress.parse("9478")).hasToString("127.0.0.1:9478");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":9478",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "localhost:9478",
                "::1:9478",
                "[::1]9478",
                "[127.0.0.1:9478",
                "127.0.0.1:9478 ",
                "127.0.0.1:+9478"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
