package io.jnet.netlink.qdisc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A message about a filter may be any bytes: where it leads or a refusal. */
class FilterFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            Filter filter = Filter.decode(message);
            assertThat(List.of(filter.kind(), filter.priority(), filter.redirection(), filter.link()))
                    .doesNotContainNull();
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(FilterFuzzTest.class, "redirect.txt", "add-redirect.txt");
    }
}
