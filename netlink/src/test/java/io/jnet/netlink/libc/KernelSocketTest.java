package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.AF_UNIX;
import static io.jnet.netlink.libc.SocketConstants.SOCK_DGRAM;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSocketTest {
    @TempDir
    private Path folder;

    /** As the kernel tells of a message that it had no room for, once. */
    @Test
    void aDatagramThatIsLongerThanAnyBeforeIsCutOnce() {
        Path place = folder.resolve("receiver");
        String text = "x".repeat(40_000);
        try (KernelSocket receiver = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, "receiver")) {
            receiver.bind(UnixListener.address(place));
            UnixMessage.send(place.toString(), "short");
            UnixMessage.send(place.toString(), text);
            UnixMessage.send(place.toString(), text);
            assertThat(receiver.receive().isCut()).isFalse();
            Datagram cut = receiver.receive();
            assertThat(cut.isCut()).isTrue();
            assertThat(cut.data()).hasSize(32 * 1024);
            Datagram whole = receiver.receive();
            assertThat(whole.isCut()).isFalse();
            assertThat(whole.data()).hasSize(40_000);
        }
    }
}
