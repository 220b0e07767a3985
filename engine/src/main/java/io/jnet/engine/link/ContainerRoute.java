package io.jnet.engine.link;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.route.RouteOptions;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A route of a container.
 *
 * @param destination where it leads, host bits zero; everywhere: the default route
 * @param gateway by whom; empty: the destination is on the link
 * @param table the table's number; empty: the main one
 * @param options what else it has
 */
public record ContainerRoute(
        IpPrefix destination, Optional<IpAddress> gateway, OptionalLong table, RouteOptions options) {

    /** A route in the main table. */
    public ContainerRoute(IpPrefix destination, Optional<IpAddress> gateway) {
        this(destination, gateway, OptionalLong.empty(), RouteOptions.NONE);
    }

    /** The same by another router. */
    public ContainerRoute via(IpAddress router) {
        return new ContainerRoute(destination, Optional.of(router), table, options);
    }

    /** {@code 0.0.0.0/0 via 10.88.0.1}, or the destination alone. */
    @Override
    public String toString() {
        return destination + gateway.map(router -> " via " + router).orElse("");
    }
}
