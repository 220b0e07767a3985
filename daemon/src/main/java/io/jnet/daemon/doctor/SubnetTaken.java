package io.jnet.daemon.doctor;

import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.route.Route;
import java.util.List;

/** A route that came later leads some or all addresses of a network elsewhere. */
final class SubnetTaken extends Check {
    SubnetTaken() {
        super(
                "subnet-taken",
                Severity.ERROR,
                "a route of the host leads addresses of a network elsewhere, as a VPN's may that came later",
                "what is sent to containers with these addresses goes there, published ports included",
                "`ip route del ROUTE`; where a rule leads to a table of its own, `ip rule add to SUBNET lookup main priority 100`; or another subnet: `docker network create -d jnet --subnet ...`");
    }

    @Override
    List<Finding> look(HostView host) {
        return SubnetRoutes.of(host).stream()
                .flatMap(routes -> routes.taking().stream()
                        .map(route -> found(routes.network(), routes.subnet(), route, SubnetRoutes.text(host, route))))
                .toList();
    }

    private Finding found(NetworkSeen network, IpPrefix subnet, Route route, String text) {
        return finding(
                "the route %s takes addresses of %s, subnet %s".formatted(text, network.title(), subnet),
                route.table() == Route.MAIN_TABLE
                        ? "ip route del " + text
                        : "ip rule add to " + subnet + " lookup main priority 100",
                "or make the network again with a subnet that is free: docker network create -d jnet --subnet ..., or for CNI ipam.subnet in its configuration after jnet network rm");
    }
}
