package io.jnet.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowTest {
    private static final int UDP = 17;

    @Test
    void decodesAnIpv4Flow() {
        Flow flow = Flow.decode(golden("ipv4.txt"));
        assertThat(flow.original()).isEqualTo(tuple("127.0.0.1", "127.0.0.1", 40000, 5353));
        assertThat(flow.reply()).isEqualTo(tuple("127.0.0.2", "127.0.0.1", 53, 40000));
        assertThat(flow.isDestinationTranslated()).isTrue();
        assertThat(flow.zone()).isZero();
    }

    @Test
    void decodesAnIpv6Flow() {
        Flow flow = Flow.decode(golden("ipv6.txt"));
        assertThat(flow.original()).isEqualTo(tuple("::1", "::1", 40001, 5454));
        assertThat(flow.reply()).isEqualTo(tuple("::1", "::1", 54, 40001));
        assertThat(flow.original()).hasToString("17 [::1]:40001 -> [::1]:5454");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4.txt", "ipv6.txt", "delete.txt"})
    void encodesTheSameBytesAgain(String file) {
        NetlinkMessage message = golden(file);
        Flow flow = Flow.decode(message);
        NetlinkWriter writer = NetlinkWriter.create();
        flow.header().write(writer);
        flow.attributes().write(writer);
        assertThat(writer.toBytes()).isEqualTo(message.payload());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4.txt", "ipv6.txt", "delete.txt"})
    void refusesMalformedMessages(String file) {
        DecoderContract.check(GoldenBytes.read(FlowTest.class, file), message -> {
            Flow flow = Flow.decode(message);
            assertThat(flow.original()).isNotNull();
            assertThat(flow.reply()).isNotNull();
            assertThat(flow.zone()).isNotNegative();
            assertThat(flow.isDestinationTranslated()).isIn(true, false);
        });
    }

    private static FlowTuple tuple(String source, String destination, int sourcePort, int destinationPort) {
        return new FlowTuple(IpAddress.parse(source), IpAddress.parse(destination), UDP, sourcePort, destinationPort);
    }

    private static NetlinkMessage golden(String file) {
        return NetlinkMessage.decodeAll(GoldenBytes.read(FlowTest.class, file)).get(0);
    }
}
