package io.jnet.engine.link;

import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.util.List;

/**
 * The container's side of an endpoint, for runtimes that leave all of it to the engine.
 *
 * @param namespace the container's network namespace; stays the caller's to close
 * @param name of the interface there
 * @param addresses of the interface, each with its subnet's length
 * @param routes beside those that the addresses bring
 * @param linkLocal whether the kernel gives the interface an IPv6 address for its link also where {@code addresses} has none of IPv6
 * @param duplicateDetection whether IPv6 asks first whether anybody has the address, which takes a second or more
 * @param tuning what else the interface has
 */
public record ContainerSide(
        NetworkNamespace namespace,
        InterfaceName name,
        List<IpPrefix> addresses,
        List<ContainerRoute> routes,
        boolean linkLocal,
        boolean duplicateDetection,
        InterfaceTuning tuning) {

    public ContainerSide {
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
    }
}
