package io.jnet.dns.name;

import io.jnet.dns.message.WireName;
import io.jnet.dns.server.ServerSet;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.NameServer;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Who is asked for the names that networks do not know. */
public final class Routes {
    private final boolean outside;
    private final boolean elsewhere;
    private final List<Route> domains;
    private final Optional<ServerSet> others;

    private record Route(WireName domain, ServerSet servers) {}

    private Routes(boolean outside, boolean elsewhere, List<Route> domains, Optional<ServerSet> others) {
        this.outside = outside;
        this.elsewhere = elsewhere;
        this.domains = domains;
        this.others = others;
    }

    /**
     * The way out of networks, those asked first that come first; internal ones have none, and those that answer no names ask nobody. What is asked
     * on an internal one gets nowhere else by the others that the container is on: whose the question's source address is, its neighbours there can
     * say too.
     *
     * @param own addresses that are not asked, since they are the networks' own
     */
    static Routes of(List<Network> networks, Predicate<IpAddress> own) {
        List<Network> open = isInternal(networks.get(0))
                ? List.of()
                : networks.stream()
                        .filter(network -> !isInternal(network))
                        .filter(network -> network.spec().resolution().enabled())
                        .toList();
        Map<DomainName, List<NameServer>> byDomain = new LinkedHashMap<>();
        Optional<ServerSet> others = Optional.empty();
        for (Network network : open) {
            Map<DomainName, List<NameServer>> ofNetwork = new LinkedHashMap<>();
            List<NameServer> forAll = new ArrayList<>();
            for (NameServer server : network.spec().resolution().servers()) {
                server.domain()
                        .map(domain -> ofNetwork.computeIfAbsent(domain, none -> new ArrayList<>()))
                        .orElse(forAll)
                        .add(server);
            }
            ofNetwork.forEach(byDomain::putIfAbsent);
            if (others.isEmpty() && !forAll.isEmpty()) {
                others = Optional.of(ServerSet.of(forAll).without(own));
            }
        }
        List<Route> routes = byDomain.entrySet().stream()
                .map(entry -> new Route(
                        WireName.of(entry.getKey()),
                        ServerSet.of(entry.getValue()).without(own)))
                .sorted(Comparator.comparingInt((Route route) -> route.domain().length())
                        .reversed())
                .toList();
        boolean elsewhere = open.isEmpty() && !networks.stream().allMatch(Routes::isInternal);
        return new Routes(!open.isEmpty(), elsewhere, routes, others);
    }

    /** Whether the asker has a way out by another network, and that one's resolver or whoever else is asked there: this one says nothing of others. */
    public boolean leadElsewhere() {
        return elsewhere;
    }

    private static boolean isInternal(Network network) {
        return network.spec().flags().contains(NetworkFlag.INTERNAL);
    }

    /** Whether others are asked at all. */
    public boolean leadOutside() {
        return outside;
    }

    /**
     * Who is asked for a name.
     *
     * @param host the host's servers, for names that nobody else is named for
     */
    public ServerSet servers(WireName name, Supplier<ServerSet> host) {
        for (Route route : domains) {
            if (name.isIn(route.domain())) {
                return route.servers();
            }
        }
        return others.orElseGet(host);
    }

    /** Whether there is a server for just this part of all names, which the name is in: for it, or for a domain below it. */
    public boolean leadInto(WireName part, WireName name) {
        for (Route route : domains) {
            if (name.isIn(route.domain()) && route.domain().isIn(part)) {
                return true;
            }
        }
        return false;
    }
}
