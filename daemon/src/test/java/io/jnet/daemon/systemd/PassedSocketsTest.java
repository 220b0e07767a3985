package io.jnet.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.daemon.socket.SocketUnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PassedSocketsTest {
    private static final Path PATH = Path.of("/run/jnet/jnet.sock");

    @Test
    void nothingIsPassedWithoutTheVariables() {
        assertNothing(Map.of());
        assertNothing(Map.of("LISTEN_FDS", "3"));
    }

    @Test
    void whatWasPassedToAnotherProcessIsLeftAlone() {
        assertNothing(Map.of("LISTEN_PID", "76", "LISTEN_FDS", "3"));
        assertNothing(Map.of("LISTEN_PID", "77 ", "LISTEN_FDS", "3"));
    }

    @Test
    void aNumberThatIsNoneIsRefused() {
        for (String count : List.of("", "-1", "three", "65537", "4294967296", "1\n2")) {
            assertThatExceptionOfType(SocketUnavailableException.class)
                    .as(count)
                    .isThrownBy(() -> PassedSockets.of(Map.of("LISTEN_PID", "77", "LISTEN_FDS", count), 77))
                    .withMessage("LISTEN_FDS is no number of sockets from 0 to 65536");
        }
    }

    /** Its descriptors would begin at 3, which in a test is a file of Java's, or nothing. */
    @Test
    void whatIsNoSocketIsRefusedByTheNameOfItsUnit() {
        assertThatExceptionOfType(SocketUnavailableException.class)
                .isThrownBy(() -> PassedSockets.of(
                        Map.of("LISTEN_PID", "77", "LISTEN_FDS", "16", "LISTEN_FDNAMES", "a.socket:b.socket"), 77))
                .withMessageMatching("cannot use a socket( of [ab]\\.socket)?: .*passed descriptor [0-9]+.*");
    }

    private static void assertNothing(Map<String, String> environment) {
        PassedSockets passed = PassedSockets.of(environment, 77);
        assertThat(passed.take(PATH)).isEmpty();
        passed.refuseOthers(List.of(PATH));
    }
}
