package io.jnet.daemon.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.cni.CniRequest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people read when there is no answer. Who may not connect at all is in {@code LocalUserSystemTest}: root may. */
@Timeout(60)
class CniClientTest {
    private static final CniRequest REQUEST = new CniRequest(Map.of(), new byte[0], Optional.empty());

    @TempDir
    private Path folder;

    @Test
    void aDaemonThatIsNotThereIsToBeStarted() {
        Path socket = folder.resolve("s");
        assertThatThrownBy(() -> new CniClient(socket).ask(REQUEST))
                .isInstanceOf(ClientException.class)
                .hasMessageStartingWith("the daemon does not answer on " + socket + ": start it");
    }

    @Test
    void aDaemonThatDiesInTheMiddleOfACallIsNotOneThatIsToBeStarted() throws IOException {
        assertBrokenOff(ByteBuffer.allocate(0));
        assertBrokenOff(ByteBuffer.allocate(3));
        ByteBuffer cut = ByteBuffer.allocate(10).order(ByteOrder.nativeOrder());
        cut.putInt(0).putInt(100).rewind();
        assertBrokenOff(cut);
    }

    private void assertBrokenOff(ByteBuffer answer) throws IOException {
        Path socket = folder.resolve("s" + answer.remaining());
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answer(server, answer));
            assertThatThrownBy(() -> new CniClient(socket).ask(REQUEST))
                    .isInstanceOf(ClientException.class)
                    .hasMessage("the daemon broke the call off on " + socket
                            + ": it takes those of root only, else see its log");
            answering.join();
        }
    }

    /** Closes with the question unread, so that the client is told ECONNRESET where there is no answer. */
    private static void answer(ServerSocketChannel server, ByteBuffer answer) {
        try (SocketChannel client = server.accept()) {
            if (answer.hasRemaining()) {
                client.read(ByteBuffer.allocate(1000));
                client.write(answer);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
