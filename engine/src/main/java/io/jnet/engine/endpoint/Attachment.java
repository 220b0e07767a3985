package io.jnet.engine.endpoint;

import io.jnet.engine.network.StaticRoute;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a runtime needs in order to finish a container's side of an endpoint.
 *
 * @param link the container's end, in the host's namespace, down
 * @param interfacePrefix what the interface's name in the container begins with
 * @param gateway the IPv4 default gateway
 * @param gatewayIpv6 the IPv6 default gateway
 * @param routes the other routes
 * @param families of the endpoint's addresses
 */
public record Attachment(
        InterfaceName link,
        String interfacePrefix,
        Optional<IpAddress> gateway,
        Optional<IpAddress> gatewayIpv6,
        List<StaticRoute> routes,
        Set<AddressFamily> families) {

    public Attachment {
        routes = List.copyOf(routes);
        families = Set.copyOf(families);
    }
}
