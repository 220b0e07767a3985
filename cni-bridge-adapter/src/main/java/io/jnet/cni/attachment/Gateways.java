package io.jnet.cni.attachment;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.RangeConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
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
    private final Optional<ReceivedResult> given;

    /**
     * @param received what another plugin gave: of account where the addresses are its
     */
    Gateways(Network network, NetworkConfiguration configuration, Optional<ReceivedResult> received) {
        this.network = network;
        this.configuration = configuration;
        this.given = received.filter(result -> configuration.ipam().plugin().isPresent());
    }

    /** The gateway of a family: the bridge, or what the configuration names, or the address that is kept for one. */
    Optional<IpAddress> of(AddressFamily family) {
        return network.spec().subnets().stream()
                .filter(subnet -> subnet.family() == family)
                .findFirst()
                .map(subnet -> subnet.containersGateway()
                        .or(() -> configuration.ipam().range(family).map(RangeConfiguration::gateway))
                        .or(() -> given.flatMap(result -> gateway(result, family)))
                        .orElseGet(() -> first(subnet)));
    }

    /** The routes of the configuration, and the default routes that it asks for; their gateways as they are written. */
    List<ContainerRoute> routes(List<IpPrefix> addresses) {
        List<ContainerRoute> routes = new ArrayList<>(
                given.map(ReceivedResult::routes).orElse(configuration.ipam().routes()));
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

    /** What resolvers to use: what the configuration says comes before what another plugin gave. */
    DnsConfiguration dns() {
        return configuration.dns().isEmpty()
                ? given.map(ReceivedResult::dns).orElse(DnsConfiguration.NONE)
                : configuration.dns();
    }

    /** A route without a gateway goes by the family's (plugins, pkg/ipam/ipam_linux.go). */
    ContainerRoute complete(ContainerRoute route) {
        return route.gateway().isPresent()
                ? route
                : of(route.destination().family()).map(route::via).orElse(route);
    }

    private static Optional<IpAddress> gateway(ReceivedResult result, AddressFamily family) {
        return result.addresses().stream()
                .filter(address -> address.address().family() == family)
                .flatMap(address -> address.gateway().stream())
                .findFirst();
    }

    private static IpAddress first(Subnet subnet) {
        return AddressRange.usable(subnet.prefix(), subnet.prefix())
                .orElse(AddressRange.of(subnet.prefix()))
                .first();
    }
}
