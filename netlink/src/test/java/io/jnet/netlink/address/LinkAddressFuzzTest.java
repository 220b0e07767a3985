package io.jnet.netlink.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A message about an address may be any bytes: the address or a refusal. */
class LinkAddressFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            LinkAddress address = LinkAddress.decode(message);
            assertThat(List.of(
                            address.prefix(),
                            address.broadcast(),
                            address.scope(),
                            address.isTentative(),
                            address.isDuplicate(),
                            address.isPermanent()))
                    .doesNotContainNull();
            assertThat(IpPrefix.parse(address.prefix().toString())).isEqualTo(address.prefix());
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(LinkAddressFuzzTest.class, "ipv4.txt", "ipv6.txt", "add-ipv4.txt");
    }
}
