package io.jnet.daemon.doctor;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.route.Route;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the host's routes make of a subnet of a network. Which of several wins, by its length, its metric or a rule that leads to another table, the
 * kernel is asked.
 *
 * @param taking those by which addresses of the subnet are sent elsewhere
 * @param hidden those to whose destinations the network's own route comes first
 */
record SubnetRoutes(NetworkSeen network, IpPrefix subnet, List<Route> taking, List<Route> hidden) {
    /** Shorter ones are default routes: a VPN that takes all of the traffic may split it into two of length 1. */
    private static final int SHORTEST = 2;

    /** The first addresses of a range may be its network's, its gateway, or an address of the host. */
    private static final int PROBES = 4;

    static List<SubnetRoutes> of(HostView host) {
        List<SubnetRoutes> all = new ArrayList<>();
        for (NetworkSeen network : host.networks()) {
            // One that is down has no route.
            if (network.link().filter(Link::isUp).isPresent()) {
                network.subnets().forEach(subnet -> all.add(of(host, network, subnet)));
            }
        }
        return all;
    }

    private static SubnetRoutes of(HostView host, NetworkSeen network, IpPrefix subnet) {
        Set<Route> taking = new LinkedHashSet<>();
        Set<Route> hidden = new LinkedHashSet<>();
        for (Route route : host.routes()) {
            IpPrefix destination = route.destination();
            boolean concerned = destination.length() >= SHORTEST
                    && destination.family() == subnet.family()
                    && destination.overlaps(subnet)
                    && !leadsTo(network, route);
            if (concerned) {
                IpPrefix common = destination.length() > subnet.length() ? destination : subnet;
                winner(host, network, common).ifPresentOrElse(taking::add, () -> hidden.add(route));
            }
        }
        // A default route of a table that a rule leads to first overlaps nothing by its destination.
        winner(host, network, subnet).ifPresent(taking::add);
        return new SubnetRoutes(network, subnet, List.copyOf(taking), List.copyOf(hidden));
    }

    /** By which route, that does not lead to the network's bridge, a packet to the range is sent; empty when it is sent there. */
    private static Optional<Route> winner(HostView host, NetworkSeen network, IpPrefix range) {
        return probes(range).stream()
                .flatMap(address -> host.routeTo(address).stream())
                .filter(route -> route.type() == Route.UNICAST)
                .findFirst()
                .filter(route -> !leadsTo(network, route));
    }

    private static List<IpAddress> probes(IpPrefix range) {
        byte[] bytes = range.network().address().bytes();
        int hosts = range.family().addressBits() - range.length();
        int count = hosts >= 2 ? PROBES : 1 << hosts;
        List<IpAddress> addresses = new ArrayList<>();
        int last = bytes.length - 1;
        byte first = bytes[last];
        for (int i = 0; i < count; i++) {
            bytes[last] = (byte) (first + i);
            addresses.add(IpAddress.of(bytes.clone()));
        }
        return addresses;
    }

    private static boolean leadsTo(NetworkSeen network, Route route) {
        return network.link().map(Link::index).stream().anyMatch(route.links()::contains);
    }

    /** {@code 10.0.0.0/8 dev wg0 metric 50 table 52}, as ip(8) takes it. */
    static String text(HostView host, Route route) {
        StringBuilder text = new StringBuilder(
                route.isDefault() ? "default" : route.destination().toString());
        route.links().stream()
                .flatMap(index -> host.link(index).stream())
                .map(Link::name)
                .findFirst()
                .ifPresent(name -> text.append(" dev ").append(name));
        if (route.priority() != 0) {
            text.append(" metric ").append(route.priority());
        }
        if (route.table() != Route.MAIN_TABLE) {
            text.append(" table ").append(route.table());
        }
        return text.toString();
    }
}
