package io.jnet.netlink.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A message about a link may be any bytes: the link with all that it says, its VLANs among it, or a refusal. */
class LinkFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            Link link = Link.decode(message);
            assertThat(List.of(
                            link.name(),
                            link.mac(),
                            link.mtu(),
                            link.carrierUpCount(),
                            link.operationalState(),
                            link.master(),
                            link.peer(),
                            link.isPeerElsewhere(),
                            link.alias(),
                            link.group(),
                            link.bridgePortFlags()))
                    .doesNotContainNull();
            assertThat(BridgeVlans.vlans(link)).doesNotContainNull();
            link.kind().ifPresent(kind -> assertThat(kind.encode()).isNotNull());
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(
                LinkFuzzTest.class,
                "bridge.txt",
                "veth.txt",
                "create-bridge.txt",
                "create-veth.txt",
                "port-vlans.txt",
                "add-vlan-range.txt");
    }
}
