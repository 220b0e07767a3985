package io.jnet.daemon.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @ParameterizedTest
    @CsvSource({
        "/dev/pts/0, true",
        "/dev/tty, true",
        "/dev/tty1, true",
        "/dev/ttyS0, true",
        "/dev/console, true",
        "/dev/null, false",
        "pipe:[123], false",
        "socket:[123], false",
        "/root/dev/pts/0, false"
    })
    void isKnownByTheDevice(Path opened, boolean terminal) {
        assertThat(Terminal.isTerminal(opened)).isEqualTo(terminal);
    }
}
