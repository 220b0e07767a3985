package io.jnet.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A message about a flow may be any bytes: both directions of the flow or a refusal. */
class FlowFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            Flow flow = Flow.decode(message);
            assertThat(List.of(flow.original(), flow.reply(), flow.zone(), flow.isDestinationTranslated()))
                    .doesNotContainNull();
            assertThat(flow.original()).asString().isNotEmpty();
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(FlowFuzzTest.class, "ipv4.txt", "ipv6.txt", "delete.txt");
    }
}
