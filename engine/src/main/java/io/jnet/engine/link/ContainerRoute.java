package io.jnet.engine.link;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/**
 * A route of a container.
 *
 * @param destination where it leads, host bits zero; everywhere: the default route
 * @param gateway by whom; empty: the destination is on the link
 */
public record ContainerRoute(IpPrefix destination, Optional<IpAddress> gateway) {
    /** {@code 0.0.0.0/0 via 10.88.0.1}, or the destination alone. */
    @Override
    public String toString() {
        return destination + gateway.map(router -> " via " + router).orElse("");
    }
}
