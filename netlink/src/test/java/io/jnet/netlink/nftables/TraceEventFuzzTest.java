package io.jnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** An event of a traced packet may be any bytes: what was decided, nothing, or a refusal. */
class TraceEventFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            assertThat(TraceEvent.decode(message)).isNotNull();
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(TraceEventFuzzTest.class, "trace-rule.txt", "trace-policy.txt", "trace-drop.txt");
    }
}
