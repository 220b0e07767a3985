package io.jnet.daemon.doctor;

import io.jnet.netlink.address.IpPrefix;

/** A route that came later leads some or all addresses of a network elsewhere: the longer prefix wins. */
final class SubnetTaken extends RouteOverlap {
    SubnetTaken() {
        super(
                "subnet-taken",
                Severity.ERROR,
                "a route of the host leads addresses of a network elsewhere, as a VPN's may that came later",
                "what is sent to containers with these addresses goes there, published ports included",
                "`ip route del ROUTE`, or another subnet: `docker network create -d jnet --subnet ...`",
                (route, subnet) -> route.length() >= subnet.length());
    }

    @Override
    Finding found(NetworkSeen network, IpPrefix subnet, String route) {
        return finding(
                "the route %s takes addresses of %s, subnet %s".formatted(route, network.title(), subnet),
                "ip route del " + route,
                "or make the network again with a subnet that is free: docker network create -d jnet --subnet ...");
    }
}
