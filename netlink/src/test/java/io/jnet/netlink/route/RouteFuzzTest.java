package io.jnet.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A message about a route may be any bytes: the route with all its next hops, or a refusal. */
class RouteFuzzTest {
    @MethodSource("captured")
    @FuzzTest
    void isDecodedOrRefused(byte[] datagram) {
        DecoderContract.checkAny(datagram, message -> {
            Route route = Route.decode(message);
            assertThat(List.of(
                            route.isInternet(),
                            route.destination(),
                            route.isDefault(),
                            route.gateway(),
                            route.link(),
                            route.links(),
                            route.preferredSource(),
                            route.priority(),
                            route.table()))
                    .doesNotContainNull();
            route.nextHops().forEach(hop -> assertThat(hop.gateway()).isNotNull());
        });
    }

    static Stream<byte[]> captured() {
        return GoldenBytes.all(RouteFuzzTest.class, "route.txt", "add.txt", "multipath.txt");
    }
}
