package io.jnet.daemon.doctor;

import io.jnet.netlink.address.IpPrefix;

/** A network lies within what a route of the host leads to: the network's own route is the longer one, and wins. */
final class SubnetHides extends RouteOverlap {
    SubnetHides() {
        super(
                "subnet-hides",
                Severity.WARNING,
                "a network's subnet lies within what a route of the host leads to, as a VPN's may",
                "whoever has these addresses at the end of that route is reached neither by this host nor by its containers",
                "another subnet, where somebody has them: `docker network create -d jnet --subnet ...`",
                (route, subnet) -> route.length() < subnet.length());
    }

    @Override
    Finding found(NetworkSeen network, IpPrefix subnet, String route) {
        return finding(
                "%s has subnet %s, which the route %s leads to as well".formatted(network.title(), subnet, route),
                "where somebody has these addresses, make the network again with a subnet that is free: docker network create -d jnet --subnet ...");
    }
}
