package io.jnet.engine.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void theHostsEndHasAHighAddressThatIsNotTheContainers() {
        assertThat(withMac("02:42:0a:01:00:02").hostMac()).hasToString("fe:42:0a:01:00:02");
        assertThat(withMac("fe:42:0a:01:00:02").hostMac()).hasToString("f6:42:0a:01:00:02");
        assertThat(withMac("f6:42:0a:01:00:02").hostMac()).hasToString("fe:42:0a:01:00:02");
    }

    private static Endpoint withMac(String mac) {
        return new Endpoint(
                new EndpointSpec(
                        new NetworkId("aaaa1111".repeat(8)),
                        new EndpointId("1234567890abcdef".repeat(4)),
                        List.of(IpPrefix.parse("10.1.0.2/24")),
                        Optional.empty()),
                new InterfaceName("jv1"),
                new InterfaceName("jp1"),
                MacAddress.parse(mac),
                Optional.empty(),
                List.of(),
                List.of(),
                EndpointState.JOINED);
    }
}
