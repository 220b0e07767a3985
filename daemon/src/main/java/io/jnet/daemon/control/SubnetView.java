package io.jnet.daemon.control;

import io.jnet.engine.network.Subnet;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/**
 * A subnet of a network.
 *
 * @param prefix as {@code 10.77.0.0/24}
 * @param gateway the gateway's address as {@code 10.77.0.1/24}: the bridge's, unless the network keeps it from the bridge
 * @param defaultGateway the containers' default gateway, where it is another one
 */
public record SubnetView(String prefix, Optional<String> gateway, Optional<String> defaultGateway) {
    static SubnetView of(Subnet subnet) {
        return new SubnetView(
                subnet.prefix().toString(),
                subnet.gateway().map(IpPrefix::toString),
                subnet.defaultGateway().map(IpAddress::toString));
    }
}
