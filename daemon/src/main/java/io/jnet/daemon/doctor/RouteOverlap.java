package io.jnet.daemon.doctor;

import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Routes of the host to the addresses of a network, that do not lead to its bridge. */
abstract class RouteOverlap extends Check {
    private final BiPredicate<IpPrefix, IpPrefix> concerns;

    /** @param concerns whether a route's destination and a subnet, which overlap, are of this kind */
    RouteOverlap(
            String id,
            Severity severity,
            String when,
            String why,
            String cure,
            BiPredicate<IpPrefix, IpPrefix> concerns) {
        super(id, severity, when, why, cure);
        this.concerns = concerns;
    }

    abstract Finding found(NetworkSeen network, IpPrefix subnet, String route);

    @Override
    final List<Finding> look(HostView host) {
        List<Finding> findings = new ArrayList<>();
        for (NetworkSeen network : host.networks()) {
            for (IpPrefix subnet : network.subnets()) {
                host.routes().stream()
                        .filter(route -> !route.isDefault() && !leadsTo(network, route))
                        .filter(route -> route.destination().family() == subnet.family()
                                && route.destination().overlaps(subnet)
                                && concerns.test(route.destination(), subnet))
                        .map(route -> found(network, subnet, text(host, route)))
                        .forEach(findings::add);
            }
        }
        return findings;
    }

    private static boolean leadsTo(NetworkSeen network, Route route) {
        return network.link().map(Link::index).stream().anyMatch(route.links()::contains);
    }

    private static String text(HostView host, Route route) {
        String by = route.links().stream()
                .flatMap(index -> host.link(index).stream())
                .map(Link::name)
                .findFirst()
                .map(name -> " dev " + name)
                .orElse("");
        return route.destination() + by;
    }
}
