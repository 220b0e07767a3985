package io.jnet.engine.operation;

import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.StaticRoute;
import io.jnet.engine.network.Subnet;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a runtime is told of a joined endpoint. */
final class Attachments {
    private Attachments() {}

    static Attachment of(Network network, Endpoint endpoint) {
        return new Attachment(
                endpoint.peerLink(),
                network.spec().interfacePrefix(),
                gateway(network, endpoint, AddressFamily.INET),
                gateway(network, endpoint, AddressFamily.INET6),
                network.spec().exterior().routes().stream()
                        .filter(route -> isFor(route, network, endpoint))
                        .toList(),
                endpoint.spec().addresses().stream().map(IpPrefix::family).collect(Collectors.toSet()));
    }

    private static Optional<IpAddress> gateway(Network network, Endpoint endpoint, AddressFamily family) {
        if (network.spec().flags().contains(NetworkFlag.INTERNAL)) {
            return Optional.empty();
        }
        return endpoint.spec()
                .address(family)
                .flatMap(address -> subnet(network, address))
                .flatMap(Subnet::containersGateway);
    }

    /** A next hop must be the container's neighbour, and another one than itself: the kernel takes no other route. */
    private static boolean isFor(StaticRoute route, Network network, Endpoint endpoint) {
        Optional<IpPrefix> address = endpoint.spec().address(route.destination().family());
        if (address.isEmpty() || route.nextHop().isEmpty()) {
            return address.isPresent();
        }
        IpAddress hop = route.nextHop().get();
        return !hop.equals(address.get().address())
                && subnet(network, address.get())
                        .filter(subnet -> subnet.prefix().contains(hop))
                        .isPresent();
    }

    private static Optional<Subnet> subnet(Network network, IpPrefix address) {
        return network.spec().subnets().stream()
                .filter(subnet -> subnet.prefix().contains(address.address()))
                .findFirst();
    }
}
