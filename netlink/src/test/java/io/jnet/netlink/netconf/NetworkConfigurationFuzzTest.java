package io.jnet.netlink.netconf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** An event about forwarding may be any bytes: what it says or a refusal. */
class NetworkConfigurationFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            NetworkConfiguration configuration = NetworkConfiguration.decode(message);
            assertThat(List.of(
                            configuration.forwarding(),
                            configuration.isWholeNamespace(),
                            configuration.isOfNewInterface()))
                    .doesNotContainNull();
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(NetworkConfigurationFuzzTest.class, "forwarding.txt");
    }
}
