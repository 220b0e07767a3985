package io.jnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** An event of the ruleset may be any bytes: who changed it, nothing, or a refusal. */
class GenerationChangeFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            assertThat(GenerationChange.decode(message)).isNotNull();
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(GenerationChangeFuzzTest.class, "generation.txt");
    }
}
