package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.AF_UNIX;
import static io.jnet.netlink.libc.SocketConstants.SOCK_DGRAM;
import static io.jnet.netlink.libc.SocketConstants.SOCK_STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PassedSocketTest {
    @TempDir
    private Path folder;

    @Test
    void aChannelOfJavasServesItInPlaceOfItsOwn() throws IOException {
        Path place = folder.resolve("passed.sock");
        PassedSocket passed = PassedSocket.of(listening(place));
        assertThat(passed.path()).isEqualTo(place);
        Path own = folder.resolve("own.sock");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                // Who connects before waits.
                SocketChannel early = SocketChannel.open(UnixDomainSocketAddress.of(place))) {
            channel.bind(UnixDomainSocketAddress.of(own));
            passed.putInPlaceOf(own);
            try (SocketChannel accepted = channel.accept()) {
                assertThat(early.isConnected()).isTrue();
                assertThat(accepted.getLocalAddress()).isEqualTo(UnixDomainSocketAddress.of(place));
            }
            assertThatExceptionOfType(IOException.class)
                    .as("the one that was its own is nobody's")
                    .isThrownBy(() -> SocketChannel.open(UnixDomainSocketAddress.of(own)));
        }
        assertThat(place).as("closed, and there").exists();
    }

    @Test
    void aListenerServesItWithoutBlocking() throws IOException {
        Path place = folder.resolve("passed.sock");
        try (UnixListener listener = UnixListener.of(PassedSocket.of(listening(place)))) {
            assertThat(listener.acceptNow()).isEmpty();
            SocketChannel.open(UnixDomainSocketAddress.of(place)).close();
            Optional<UnixConnection> connection = listener.acceptNow();
            assertThat(connection).isPresent();
            connection.get().close();
        }
    }

    @Test
    void whatDoesNotListenIsRefused() {
        KernelSocket idle = KernelSocket.open(AF_UNIX, SOCK_STREAM, 0, "idle");
        KernelSocket datagrams = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, "datagrams");
        for (KernelSocket socket : new KernelSocket[] {idle, datagrams}) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> PassedSocket.of(socket.number()))
                    .withMessageContaining("no Unix-domain stream socket that listens");
            socket.close();
        }
        KernelSocket nameless = KernelSocket.open(AF_UNIX, SOCK_STREAM, 0, "nameless");
        nameless.bind(UnixListener.abstractAddress("jnet-test-" + System.nanoTime()));
        listen(nameless);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> PassedSocket.of(nameless.number()))
                .withMessageContaining("listens at no path");
        nameless.close();
    }

    @Test
    void aDescriptorThatIsNotThereIsRefused() {
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> PassedSocket.of(100_000))
                .withMessageContaining("passed descriptor 100000");
    }

    /** A message to nobody fails, one to somebody arrives. */
    @Test
    void aMessageArrives() {
        Path place = folder.resolve("notify");
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> UnixMessage.send(place.toString(), "READY=1"));
        try (KernelSocket receiver = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, "receiver")) {
            receiver.bind(UnixListener.address(place));
            UnixMessage.send(place.toString(), "READY=1");
            assertThat(receiver.receive().data()).asString().isEqualTo("READY=1");
        }
    }

    private static int listening(Path place) {
        KernelSocket socket = KernelSocket.open(AF_UNIX, SOCK_STREAM, 0, "listening");
        socket.bind(UnixListener.address(place));
        listen(socket);
        return socket.number();
    }

    private static void listen(KernelSocket socket) {
        Libc.check("listen on", "test", () -> Libc.functions().listen(socket.number(), 8));
    }
}
