package io.jnet.dns.name;

import io.jnet.dns.server.ServerSet;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The names of all networks at one moment, and who sees them. */
public final class NameIndex {
    private final long generation;
    private final List<Network> networks;
    private final List<Endpoint> endpoints;
    private final Map<NetworkId, Zone> zones;
    private final Map<NetworkId, Bridge> bridges;
    private final Predicate<IpAddress> own;
    private volatile HostRoute hostRoute = new HostRoute(new ServerSet(List.of()), new ServerSet(List.of()));

    /** Who may ask at a network's bridge. */
    private record Bridge(Client unknown, Map<IpAddress, Client> known) {}

    /** The host's servers, and those of them that are asked. */
    private record HostRoute(ServerSet all, ServerSet asked) {}

    private NameIndex(
            long generation,
            List<Network> networks,
            List<Endpoint> endpoints,
            Map<NetworkId, Zone> zones,
            Map<NetworkId, Bridge> bridges,
            Predicate<IpAddress> own) {
        this.generation = generation;
        this.networks = networks;
        this.endpoints = endpoints;
        this.zones = zones;
        this.bridges = bridges;
        this.own = own;
    }

    /** An index of nothing. */
    static NameIndex empty() {
        return new NameIndex(0, List.of(), List.of(), Map.of(), Map.of(), address -> false);
    }

    /**
     * An index of what a directory says later. What is the same in it is not made again.
     *
     * @param later which generation it was before the rest was read
     */
    NameIndex after(long later, List<Network> others, List<Endpoint> all) {
        List<Endpoint> used = new ArrayList<>(all);
        used.removeIf(endpoint -> endpoint.state() != EndpointState.JOINED);
        used.sort(Comparator.comparing(Endpoint::id));
        return others.equals(networks) && used.equals(endpoints)
                ? new NameIndex(later, networks, endpoints, zones, bridges, own)
                : new Builder(others, used).build(later, zones);
    }

    /** The generation that it is of. */
    public long generation() {
        return generation;
    }

    /**
     * Who asks.
     *
     * @param network on whose bridge it came in
     * @return empty: the network is not known, or answers no names
     */
    public Optional<Client> client(NetworkId network, IpAddress address) {
        Bridge bridge = bridges.get(network);
        return bridge == null ? Optional.empty() : Optional.of(bridge.known().getOrDefault(address, bridge.unknown()));
    }

    /** The servers without those at addresses of the networks' bridges: that is us. */
    public ServerSet withoutOwn(ServerSet servers) {
        HostRoute route = hostRoute;
        if (!route.all().equals(servers)) {
            route = new HostRoute(servers, servers.without(own));
            hostRoute = route;
        }
        return route.asked();
    }

    private static final class Builder {
        private final List<Network> all;
        private final List<Endpoint> used;
        private final Map<NetworkId, Network> networks = new HashMap<>();
        private final Map<NetworkId, List<Endpoint>> joined;
        private final Map<String, Set<NetworkId>> sandboxes;
        private final Map<NetworkId, Zone> zones = new HashMap<>();
        private final Map<List<NetworkId>, View> views = new HashMap<>();
        private final Set<IpAddress> own;
        private final List<IpPrefix> subnets;

        Builder(List<Network> all, List<Endpoint> used) {
            this.all = all;
            this.used = used;
            all.forEach(network -> networks.put(network.id(), network));
            joined = used.stream()
                    .collect(Collectors.groupingBy(endpoint -> endpoint.spec().network()));
            sandboxes = used.stream()
                    .filter(endpoint -> endpoint.sandbox().isPresent())
                    .collect(Collectors.groupingBy(
                            endpoint -> endpoint.sandbox().orElseThrow(),
                            Collectors.mapping(
                                    endpoint -> endpoint.spec().network(), Collectors.toCollection(TreeSet::new))));
            own = all.stream()
                    .flatMap(network -> network.nameServers().stream())
                    .collect(Collectors.toSet());
            // On a bridge of somebody else are others' machines, too, whose names others know.
            subnets = all.stream()
                    .filter(network -> network.adopted().isEmpty())
                    .flatMap(network -> network.spec().subnets().stream())
                    .map(subnet -> subnet.prefix())
                    .toList();
        }

        NameIndex build(long generation, Map<NetworkId, Zone> before) {
            networks.values().stream()
                    .filter(network -> network.spec().resolution().enabled())
                    .forEach(network ->
                            zones.put(network.id(), zone(network, Optional.ofNullable(before.get(network.id())))));
            Map<NetworkId, Bridge> bridges = new HashMap<>();
            zones.keySet().forEach(network -> bridges.put(network, bridge(network)));
            return new NameIndex(generation, all, used, zones, bridges, own::contains);
        }

        private Zone zone(Network network, Optional<Zone> before) {
            List<Endpoint> endpoints = joined.getOrDefault(network.id(), List.of());
            return before.filter(zone ->
                            zone.network().equals(network) && zone.endpoints().equals(endpoints))
                    .orElseGet(() -> ZoneBuilder.build(network, endpoints));
        }

        private Bridge bridge(NetworkId network) {
            Map<IpAddress, Client> known = new HashMap<>();
            for (Endpoint endpoint : joined.getOrDefault(network, List.of())) {
                Client client = new Client(view(networksOf(endpoint)), account(endpoint));
                endpoint.spec().addresses().forEach(address -> known.put(address.address(), client));
            }
            return new Bridge(new Client(view(List.of(network)), network), known);
        }

        private static Object account(Endpoint endpoint) {
            return endpoint.sandbox().<Object>map(sandbox -> sandbox).orElse(endpoint.id());
        }

        /** The networks that the endpoint's container is on, the endpoint's own first. */
        private List<NetworkId> networksOf(Endpoint endpoint) {
            List<NetworkId> all = new ArrayList<>();
            all.add(endpoint.spec().network());
            endpoint.sandbox().map(sandboxes::get).ifPresent(others -> others.stream()
                    .filter(other -> !other.equals(endpoint.spec().network()) && networks.containsKey(other))
                    .forEach(all::add));
            return all;
        }

        /** What is seen of those networks that answer names. */
        private View view(List<NetworkId> on) {
            return views.computeIfAbsent(
                    on,
                    none -> new View(
                            on.stream()
                                    .filter(zones::containsKey)
                                    .map(zones::get)
                                    .toList(),
                            Routes.of(on.stream().map(networks::get).toList(), own::contains),
                            subnets));
        }
    }
}
