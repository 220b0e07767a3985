package io.jnet.netlink.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A message about a neighbour may be any bytes: the neighbour or a refusal. */
class NeighbourFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            Neighbour neighbour = Neighbour.decode(message);
            assertThat(List.of(neighbour.address(), neighbour.mac(), neighbour.isReachable(), neighbour.isLearned()))
                    .doesNotContainNull();
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(NeighbourFuzzTest.class, "neighbour.txt");
    }
}
