package io.jnet.daemon.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.client.DaemonSays.Reach;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DaemonSaysTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    @Test
    void aDaemonThatHangsFails() throws IOException {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel hanging = listen(socket, 16)) {
            assertThat(hanging.isOpen()).isTrue();
            assertThat(DaemonSays.ask(socket, PATIENCE)).isEqualTo(hangs(socket));
        }
    }

    /** One that hangs for long, as many asked it. */
    @Test
    void aDaemonThatTakesNoMoreConnectionsFails() throws IOException {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel hanging = listen(socket, 1);
                SocketChannel first = UnixHttpClient.connect(socket);
                SocketChannel second = UnixHttpClient.connect(socket)) {
            assertThat(hanging.isOpen() && first.isConnected() && second.isConnected())
                    .isTrue();
            assertThat(DaemonSays.ask(socket, PATIENCE)).isEqualTo(hangs(socket));
        }
    }

    @Test
    void nobodyIsAbsent() {
        assertThat(DaemonSays.ask(folder.resolve("s"), PATIENCE).reach()).isEqualTo(Reach.ABSENT);
    }

    private static DaemonSays hangs(Path socket) {
        return DaemonSays.without(
                Reach.FAILS, "no answer within 1 s on " + socket + ": the daemon hangs, see its log and restart it");
    }

    private static ServerSocketChannel listen(Path socket, int backlog) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket), backlog);
    }
}
