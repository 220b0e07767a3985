package io.jnet.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.GoldenBytes;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What answers a request or a list may be any bytes: an answer, a verdict with the kernel's text, or a refusal; the wait ends. */
class NetlinkSocketFuzzTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final NetlinkRequest REQUEST = NetlinkRequest.of(100, writer -> {}, "change", "thing");

    @MethodSource("captured")
    @FuzzTest
    void theWaitEnds(byte[] datagram) {
        assertTimeout(LONGEST, () -> {
            ask(datagram, socket -> assertThat(socket.request(REQUEST)).doesNotContainNull());
            ask(datagram, socket -> assertThat(socket.exchange(List.of(REQUEST.withoutAcknowledgement(), REQUEST)))
                    .hasSize(2));
            ask(datagram, socket -> assertThat(socket.dump(REQUEST)).doesNotContainNull());
        });
    }

    static Stream<byte[]> captured() {
        return Stream.of(
                GoldenBytes.read(NetlinkSocketFuzzTest.class, "error.txt"),
                message(ErrorMessage.NLMSG_DONE, NetlinkFlags.NLM_F_MULTI, 0),
                message(ErrorMessage.NLMSG_DONE, NetlinkFlags.NLM_F_DUMP_INTR, 0),
                message(ErrorMessage.NLMSG_DONE, NetlinkFlags.NLM_F_ACK_TLVS, -95),
                message(ErrorMessage.NLMSG_ERROR, NetlinkFlags.NLM_F_CAPPED, Integer.MIN_VALUE));
    }

    private static void ask(byte[] datagram, Consumer<NetlinkSocket> question) {
        try (NetlinkSocket socket = AnsweredSocket.by(datagram)) {
            question.accept(socket);
        } catch (NetlinkException refused) {
            assertThat(refused).hasMessageMatching("(?s)\\w.*\\(.+\\).*");
        }
    }

    private static byte[] message(int type, int flags, int error) {
        byte[] payload = NetlinkWriter.create()
                .s32(error)
                .bytes(new byte[NetlinkHeader.LENGTH])
                .toBytes();
        return NetlinkWriter.create()
                .u32(NetlinkHeader.LENGTH + payload.length)
                .u16(type)
                .u16(flags)
                .s32(0)
                .s32(0)
                .bytes(payload)
                .toBytes();
    }
}
