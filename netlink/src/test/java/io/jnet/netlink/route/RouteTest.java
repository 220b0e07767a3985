package io.jnet.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    @Test
    void decodesARouteOfAnotherTable() {
        Route route = Route.decode(golden("route.txt"));
        assertThat(route.destination()).isEqualTo(IpPrefix.parse("203.0.113.0/24"));
        assertThat(route.gateway()).contains(IpAddress.parse("10.77.0.9"));
        assertThat(route.link()).hasValue(2);
        assertThat(route.table()).isEqualTo(1234);
        assertThat(route.type()).isEqualTo(Route.UNICAST);
        assertThat(route.protocol()).isEqualTo(3);
        assertThat(route.preferredSource()).isEmpty();
        assertThat(route.priority()).isZero();
        assertThat(route.isDefault()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"route.txt", "add.txt", "multipath.txt"})
    void encodesTheSameBytesAgain(String file) {
        NetlinkMessage message = golden(file);
        Route route = Route.decode(message);
        NetlinkWriter writer = NetlinkWriter.create();
        route.header().write(writer);
        route.attributes().write(writer);
        assertThat(writer.toBytes()).isEqualTo(message.payload());
    }

    @ParameterizedTest
    @ValueSource(strings = {"route.txt", "add.txt", "multipath.txt"})
    void refusesMalformedMessages(String file) {
        DecoderContract.check(GoldenBytes.read(RouteTest.class, file), message -> {
            Route route = Route.decode(message);
            assertThat(route.destination()).isNotNull();
            assertThat(route.gateway()).isNotNull();
            assertThat(route.links()).isNotNull();
            assertThat(route.preferredSource()).isNotNull();
            assertThat(route.priority()).isNotNegative();
            assertThat(route.table()).isNotNegative();
        });
    }

    private static NetlinkMessage golden(String file) {
        return NetlinkMessage.decodeAll(GoldenBytes.read(RouteTest.class, file)).get(0);
    }
}
