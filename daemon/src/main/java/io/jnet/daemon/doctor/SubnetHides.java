package io.jnet.daemon.doctor;

import io.jnet.netlink.route.Route;
import java.util.List;

/** A network lies within what a route of the host leads to, or the other way round: the network's own route comes first. */
final class SubnetHides extends Check {
    SubnetHides() {
        super(
                "subnet-hides",
                Severity.WARNING,
                "a route of the host, as a VPN's may, leads to addresses of a network's subnet too, and the network's own comes first",
                "whoever has these addresses at the end of that route is reached neither by this host nor by its containers",
                "another subnet, where somebody has them: `docker network create -d jnet --subnet ...`");
    }

    @Override
    List<Finding> look(HostView host) {
        return SubnetRoutes.of(host).stream()
                .flatMap(routes -> routes.hidden().stream().map(route -> finding(host, routes, route)))
                .toList();
    }

    private Finding finding(HostView host, SubnetRoutes routes, Route route) {
        return finding(
                "%s has subnet %s, which the route %s leads to as well"
                        .formatted(routes.network().title(), routes.subnet(), SubnetRoutes.text(host, route)),
                "where somebody has these addresses, make the network again with a subnet that is free: docker network create -d jnet --subnet ..., or for CNI ipam.subnet in its configuration after jnet network rm");
    }
}
