package io.jnet.netlink.netconf;

import static io.jnet.netlink.RouteMessage.RTM_NEWNETCONF;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import org.junit.jupiter.api.Test;

class NetworkConfigurationTest {
    private static final byte[] GOLDEN = GoldenBytes.read(NetworkConfigurationTest.class, "forwarding.txt");

    @Test
    void decodesAnEventAndEncodesTheSameBytesAgain() {
        NetlinkMessage message = NetlinkMessage.decodeAll(GOLDEN).get(0);
        NetworkConfiguration configuration = NetworkConfiguration.decode(message);
        assertThat(message.type()).isEqualTo(RTM_NEWNETCONF);
        assertThat(configuration.isWholeNamespace()).isTrue();
        assertThat(configuration.forwarding()).contains(true);

        NetlinkWriter writer = NetlinkWriter.create();
        configuration.header().write(writer);
        configuration.attributes().write(writer);
        assertThat(writer.toBytes()).isEqualTo(message.payload());
    }

    @Test
    void refusesMalformedMessages() {
        DecoderContract.check(GOLDEN, message -> {
            NetworkConfiguration configuration = NetworkConfiguration.decode(message);
            assertThat(configuration.forwarding()).isNotNull();
            assertThat(configuration.header()).isNotNull();
        });
    }
}
