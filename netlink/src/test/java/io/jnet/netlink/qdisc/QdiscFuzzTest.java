package io.jnet.netlink.qdisc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A message about a qdisc may be any bytes: the qdisc with the rate that it keeps, or a refusal. */
class QdiscFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            Qdisc qdisc = Qdisc.decode(message);
            assertThat(List.of(qdisc.kind(), qdisc.isRoot(), qdisc.link())).doesNotContainNull();
            qdisc.tokenBucket()
                    .ifPresent(bucket -> assertThat(bucket.isSameAs(bucket)).isTrue());
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(QdiscFuzzTest.class, "tbf.txt", "tbf-fast.txt");
    }
}
