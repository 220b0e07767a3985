package io.jnet.netlink.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import org.junit.jupiter.api.Test;

class NeighbourTest {
    private static final byte[] GOLDEN = GoldenBytes.read(NeighbourTest.class, "neighbour.txt");

    @Test
    void decodesANeighbourAndEncodesTheSameBytesAgain() {
        NetlinkMessage message = NetlinkMessage.decodeAll(GOLDEN).get(0);
        Neighbour neighbour = Neighbour.decode(message);
        assertThat(neighbour.address()).isEqualTo(IpAddress.parse("10.77.0.2"));
        assertThat(neighbour.mac()).contains(MacAddress.parse("02:42:aa:00:00:02"));
        assertThat(neighbour.link()).isEqualTo(2);
        assertThat(neighbour.isPermanent()).isTrue();
        assertThat(neighbour.isReachable()).isFalse();

        NetlinkWriter writer = NetlinkWriter.create();
        neighbour.header().write(writer);
        neighbour.attributes().write(writer);
        assertThat(writer.toBytes()).isEqualTo(message.payload());
    }

    @Test
    void refusesMalformedMessages() {
        DecoderContract.check(GOLDEN, message -> {
            Neighbour neighbour = Neighbour.decode(message);
            assertThat(neighbour.address()).isNotNull();
            assertThat(neighbour.mac()).isNotNull();
        });
    }
}
