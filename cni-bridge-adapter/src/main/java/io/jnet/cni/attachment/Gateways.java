package io.jnet.cni.attachment;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.RangeConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.Subnet;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whom the containers of a network send to, and for what. */
final class Gateways {
    private final Network network;
    private final NetworkConfiguration configuration;
    private final Optional<ReceivedResult> given;
    private final List<IpAddress> nameServers;

    /**
     * @param received what another plugin gave: of account where the addresses are its
     * @param nameServers where names are answered to the network's containers at present
     */
    Gateways(
            Network network,
            NetworkConfiguration configuration,
            Optional<ReceivedResult> received,
            List<IpAddress> nameServers) {
        this.network = network;
        this.configuration = configuration;
        this.nameServers = List.copyOf(nameServers);
        this.given = received.filter(result -> configuration.ipam().plugin().isPresent());
    }

    /**
     * The gateway of an address in its subnet: the bridge, or what the configuration or another plugin names, or, where addresses are jnet's, the
     * one that is kept for it.
     */
    Optional<IpAddress> of(IpPrefix address) {
        if (network.spec().subnets().isEmpty()) {
            return given.flatMap(result -> gateway(result, address));
        }
        return subnet(address).flatMap(subnet -> subnet.containersGateway()
                .or(() -> configuration.ipam().ranges().stream()
                        .filter(range -> range.subnet().equals(subnet.prefix()))
                        .map(RangeConfiguration::gateway)
                        .findFirst())
                .or(() -> given.flatMap(result -> gateway(result, address)))
                .or(() -> given.isEmpty() ? Optional.of(first(subnet)) : Optional.empty()));
    }

    /** A network has a subnet for each range of its configuration. */
    private Optional<Subnet> subnet(IpPrefix address) {
        List<Subnet> ofFamily = network.spec().subnets().stream()
                .filter(subnet -> subnet.family() == address.family())
                .toList();
        return ofFamily.stream()
                .filter(subnet -> subnet.prefix().contains(address.address()))
                .findFirst()
                .or(() -> ofFamily.stream().findFirst());
    }

    /** The routes of the configuration, and the default routes that it asks for; their gateways as they are written. */
    List<ContainerRoute> routes(List<IpPrefix> addresses) {
        List<ContainerRoute> routes = new ArrayList<>(
                given.map(ReceivedResult::routes).orElse(configuration.ipam().routes()));
        if (configuration.defaultGateway()) {
            for (IpPrefix address : addresses) {
                if (isWithoutGateway(address)) {
                    continue;
                }
                IpPrefix everywhere = new IpPrefix(IpAddress.any(address.family()), 0);
                Optional<IpAddress> gateway = of(address);
                routes.replaceAll(route -> isDefault(route, everywhere) ? through(gateway, route) : route);
                if (routes.stream().noneMatch(route -> isDefault(route, everywhere))) {
                    routes.add(new ContainerRoute(everywhere, gateway));
                }
            }
        }
        return routes;
    }

    /** Those of other tables are what rules lead to, and no default for all else. */
    private static boolean isDefault(ContainerRoute route, IpPrefix everywhere) {
        return route.destination().equals(everywhere) && route.table().orElse(Route.MAIN_TABLE) == Route.MAIN_TABLE;
    }

    /** With its own gateway, if it has one, and whatever else it says. */
    private static ContainerRoute through(Optional<IpAddress> gateway, ContainerRoute route) {
        return route.gateway().isPresent() ? route : gateway.map(route::via).orElse(route);
    }

    /** Whether the network was made without, and nobody else names one. */
    private boolean isWithoutGateway(IpPrefix address) {
        return given.isEmpty()
                && configuration.ipam().ranges().isEmpty()
                && subnet(address)
                        .filter(subnet -> subnet.containersGateway().isEmpty())
                        .isPresent();
    }

    /** What resolvers to use: what the configuration says comes before what another plugin gave, and both before the network's own resolver. */
    DnsConfiguration dns() {
        DnsConfiguration said = configuration.dns().isEmpty()
                ? given.map(ReceivedResult::dns).orElse(DnsConfiguration.NONE)
                : configuration.dns();
        List<String> own = nameServers.stream().map(IpAddress::toString).toList();
        return own.isEmpty() || !said.nameservers().isEmpty()
                ? said
                : said.asking(own, network.domain().toString());
    }

    /** A route without a gateway goes by that of the first address of its family (plugins, pkg/ipam/ipam_linux.go). */
    ContainerRoute complete(ContainerRoute route, List<IpPrefix> addresses) {
        if (route.gateway().isPresent()) {
            return route;
        }
        return addresses.stream()
                .filter(address -> address.family() == route.destination().family())
                .findFirst()
                .flatMap(this::of)
                .map(route::via)
                .orElse(route);
    }

    /** That of the address, or the first of its family. */
    private static Optional<IpAddress> gateway(ReceivedResult result, IpPrefix address) {
        List<ReceivedResult.Address> ofFamily = result.addresses().stream()
                .filter(one -> one.address().family() == address.family())
                .toList();
        return ofFamily.stream()
                .filter(one -> one.address().equals(address))
                .flatMap(one -> one.gateway().stream())
                .findFirst()
                .or(() ->
                        ofFamily.stream().flatMap(one -> one.gateway().stream()).findFirst());
    }

    private static IpAddress first(Subnet subnet) {
        return AddressRange.ofHosts(subnet.prefix()).first();
    }
}
