package io.jnet.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.libc.KernelSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceManagerTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    @TempDir
    private Path folder;

    @Test
    void isToldWhatTheDaemonDoes() {
        Path place = folder.resolve("notify");
        try (KernelSocket receiver = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, "receiver")) {
            receiver.bind(address(place));
            ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", place.toString()));
            manager.ready();
            assertThat(receiver.receive().data()).asString().isEqualTo("READY=1\nSTATUS=answering");
            manager.stopping();
            assertThat(receiver.receive().data()).asString().startsWith("STOPPING=1\n");
            manager.failed("no room\nREADY=1");
            assertThat(receiver.receive().data()).asString().as("one line").isEqualTo("STATUS=no room READY=1");
        }
    }

    @Test
    void keepsSocketsUnderTheirBridgesName() {
        Path place = folder.resolve("notify");
        try (KernelSocket receiver = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, "receiver");
                KernelSocket kept = KernelSocket.open(AF_UNIX, SOCK_DGRAM, 0, "kept")) {
            receiver.bind(address(place));
            KeptSockets sockets =
                    PassedSockets.of(Map.of(), 77).kept(ServiceManager.of(Map.of("NOTIFY_SOCKET", place.toString())));
            assertThat(sockets.keeps()).isTrue();
            assertThat(sockets.take(12)).isEmpty();
            sockets.keep(12, List.of(kept));
            assertThat(receiver.receive().data()).asString().isEqualTo("FDSTORE=1\nFDPOLL=0\nFDNAME=names-12");
            sockets.keep(13, Collections.nCopies(10, kept));
            for (int i = 0; i < 2; i++) {
                assertThat(receiver.receive().data()).asString().endsWith("FDNAME=names-13");
            }
            sockets.forget(12);
            assertThat(receiver.receive().data()).asString().isEqualTo("FDSTOREREMOVE=1\nFDNAME=names-12");
        }
        assertThat(KeptSockets.link("names-12")).hasValue(12);
        assertThat(KeptSockets.link("jnet.socket")).isEmpty();
        assertThat(KeptSockets.link("names-1234567890")).isEmpty();
    }

    @Test
    void needNotBeThere() {
        ServiceManager.of(Map.of()).ready();
        ServiceManager.of(Map.of("NOTIFY_SOCKET", "")).ready();
        ServiceManager.of(Map.of("NOTIFY_SOCKET", folder.resolve("gone").toString()))
                .ready();
        ServiceManager.of(Map.of("NOTIFY_SOCKET", "vsock:2:9999")).ready();
    }

    private static byte[] address(Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Short.BYTES + name.length + 1)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(name)
                .array();
    }
}
