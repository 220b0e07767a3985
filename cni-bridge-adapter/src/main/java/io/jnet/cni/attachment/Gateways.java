package io.jnet.cni.attachment;

import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.RangeConfiguration;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.Subnet;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whom the containers of a network send to, and for what. */
final class Gateways {
    private final Network network;
    private final NetworkConfiguration configuration;

    Gateways(Network network, NetworkConfiguration configuration) {
        this.network = network;
        this.configuration = configuration;
    }

    /** The gateway of a family: the bridge, or what the configuration names, or the address that is kept for one. */
    Optional<IpAddress> of(AddressFamily family) {
        return network.spec().subnets().stream()
                .filter(subnet -> subnet.family() == family)
                .findFirst()
                .map(subnet -> subnet.containersGateway()
                        .or(() -> configuration.ipam().range(family).map(RangeConfiguration::gateway))
                        .orElseGet(() -> first(subnet)));
    }

    /** The routes of the configuration, and the default routes that it asks for; their gateways as they are written. */
    List<ContainerRoute> routes(List<IpPrefix> addresses) {
        List<ContainerRoute> routes = new ArrayList<>(configuration.ipam().routes());
        if (configuration.defaultGateway()) {
            for (IpPrefix address : addresses) {
                IpPrefix everywhere = new IpPrefix(IpAddress.any(address.family()), 0);
                boolean given = routes.stream()
                        .anyMatch(route -> route.destination().equals(everywhere)
                                && route.gateway().isPresent());
                if (!given) {
                    routes.removeIf(route -> route.destination().equals(everywhere));
                    routes.add(new ContainerRoute(everywhere, of(address.family())));
                }
            }
        }
        return routes;
    }

    /** A route without a gateway goes by the family's (plugins, pkg/ipam/ipam_linux.go). */
    ContainerRoute complete(ContainerRoute route) {
        return route.gateway().isPresent()
                ? route
                : new ContainerRoute(route.destination(), of(route.destination().family()));
    }

    private static IpAddress first(Subnet subnet) {
        return AddressRange.usable(subnet.prefix(), subnet.prefix())
                .orElse(AddressRange.of(subnet.prefix()))
                .first();
    }
}
