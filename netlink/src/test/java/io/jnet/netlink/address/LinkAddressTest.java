package io.jnet.netlink.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkAddressTest {
    @Test
    void decodesAnIpv4Address() {
        LinkAddress address = LinkAddress.decode(golden("ipv4.txt"));
        assertThat(address.link()).isEqualTo(2);
        assertThat(address.prefix()).isEqualTo(IpPrefix.parse("10.77.0.1/24"));
        assertThat(address.broadcast()).contains(IpAddress.parse("10.77.0.255"));
        assertThat(address.scope()).isEqualTo(AddressScope.GLOBAL.number());
        assertThat(address.isPermanent()).isTrue();
        assertThat(address.isTentative()).isFalse();
        assertThat(address.isDuplicate()).isFalse();
    }

    @Test
    void decodesAnIpv6Address() {
        LinkAddress address = LinkAddress.decode(golden("ipv6.txt"));
        assertThat(address.prefix()).isEqualTo(IpPrefix.parse("2001:db8:77::1/64"));
        assertThat(address.broadcast()).isEmpty();
        assertThat(address.isTentative()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4.txt", "ipv6.txt", "add-ipv4.txt"})
    void encodesTheSameBytesAgain(String file) {
        NetlinkMessage message = golden(file);
        LinkAddress address = LinkAddress.decode(message);
        NetlinkWriter writer = NetlinkWriter.create();
        address.header().write(writer);
        address.attributes().write(writer);
        assertThat(writer.toBytes()).isEqualTo(message.payload());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4.txt", "ipv6.txt", "add-ipv4.txt"})
    void refusesMalformedMessages(String file) {
        DecoderContract.check(GoldenBytes.read(LinkAddressTest.class, file), message -> {
            LinkAddress address = LinkAddress.decode(message);
            assertThat(address.prefix()).isNotNull();
            assertThat(address.broadcast()).isNotNull();
            assertThat(address.isTentative()).isIn(true, false);
        });
    }

    private static NetlinkMessage golden(String file) {
        return NetlinkMessage.decodeAll(GoldenBytes.read(LinkAddressTest.class, file))
                .get(0);
    }
}
