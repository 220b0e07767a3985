package io.jnet.engine.endpoint;

import io.jnet.engine.network.NetworkId;
import io.jnet.engine.port.PortBinding;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Optional;

/** Endpoints of tests that need one, and no network. */
public final class JoinedEndpoint {
    private static final EndpointId ID = new EndpointId("1234567890abcdef".repeat(4));
    private static final String MAC = "02:42:0a:01:00:02";

    private JoinedEndpoint() {}

    /** One that is like any. */
    public static Endpoint any() {
        return of(ID, MAC, List.of());
    }

    /** One whose container has this MAC address. */
    public static Endpoint withMac(String mac) {
        return of(ID, mac, List.of());
    }

    /** One that publishes these ports. */
    public static Endpoint publishing(EndpointId id, List<PortBinding> ports) {
        return of(id, MAC, ports);
    }

    private static Endpoint of(EndpointId id, String mac, List<PortBinding> ports) {
        return new Endpoint(
                new EndpointSpec(
                        new NetworkId("aaaa1111".repeat(8)),
                        id,
                        List.of(IpPrefix.parse("10.1.0.2/24")),
                        Optional.empty()),
                new InterfaceName("jv1"),
                new InterfaceName("jp1"),
                MacAddress.parse(mac),
                Optional.empty(),
                ports,
                List.of(),
                EndpointState.JOINED);
    }
}
