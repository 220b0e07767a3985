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
    private final Map<NetworkId, Bridge> bridges;
    private final Predicate<IpAddress> own;
    private volatile HostRoute hostRoute = new HostRoute(new ServerSet(List.of()), new ServerSet(List.of()));

    /** Who may ask at a network's bridge. */
    private record Bridge(Client unknown, Map<IpAddress, Client> known) {}

    /** The host's servers, and those of them that are asked. */
    private record HostRoute(ServerSet all, ServerSet asked) {}

    private NameIndex(long generation, Map<NetworkId, Bridge> bridges, Predicate<IpAddress> own) {
        this.generation = generation;
        this.bridges = bridges;
        this.own = own;
    }

    /**
     * An index of what a directory said.
     *
     * @param generation which one it was before that was read
     */
    public static NameIndex of(long generation, List<Network> networks, List<Endpoint> endpoints) {
        return new Builder(networks, endpoints).build(generation);
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
        private final Map<NetworkId, Network> networks = new HashMap<>();
        private final Map<NetworkId, List<Endpoint>> joined;
        private final Map<String, Set<NetworkId>> sandboxes;
        private final Map<NetworkId, Zone> zones = new HashMap<>();
        private final Map<List<NetworkId>, View> views = new HashMap<>();
        private final Set<IpAddress> own;
        private final List<IpPrefix> subnets;

        Builder(List<Network> all, List<Endpoint> endpoints) {
            all.forEach(network -> networks.put(network.id(), network));
            List<Endpoint> used = endpoints.stream()
                    .filter(endpoint -> endpoint.state() == EndpointState.JOINED)
                    .sorted(Comparator.comparing(Endpoint::id))
                    .toList();
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
            subnets = all.stream()
                    .flatMap(network -> network.spec().subnets().stream())
                    .map(subnet -> subnet.prefix())
                    .toList();
        }

        NameIndex build(long generation) {
            networks.values().stream()
                    .filter(network -> network.spec().resolution().enabled())
                    .forEach(network -> zones.put(
                            network.id(), ZoneBuilder.build(network, joined.getOrDefault(network.id(), List.of()))));
            Map<NetworkId, Bridge> bridges = new HashMap<>();
            zones.keySet().forEach(network -> bridges.put(network, bridge(network)));
            return new NameIndex(generation, bridges, own::contains);
        }

        private Bridge bridge(NetworkId network) {
            Map<IpAddress, Client> known = new HashMap<>();
            for (Endpoint endpoint : joined.getOrDefault(network, List.of())) {
                Client client = new Client(view(seenBy(endpoint)), account(endpoint));
                endpoint.spec().addresses().forEach(address -> known.put(address.address(), client));
            }
            return new Bridge(new Client(view(List.of(network)), network), known);
        }

        private static Object account(Endpoint endpoint) {
            return endpoint.sandbox().<Object>map(sandbox -> sandbox).orElse(endpoint.id());
        }

        /** The networks of the endpoint's container, the endpoint's own first. */
        private List<NetworkId> seenBy(Endpoint endpoint) {
            List<NetworkId> seen = new ArrayList<>();
            seen.add(endpoint.spec().network());
            endpoint.sandbox().map(sandboxes::get).ifPresent(others -> others.stream()
                    .filter(other -> !other.equals(endpoint.spec().network()) && zones.containsKey(other))
                    .forEach(seen::add));
            return seen;
        }

        private View view(List<NetworkId> seen) {
            return views.computeIfAbsent(
                    seen,
                    none -> new View(
                            seen.stream().map(zones::get).toList(),
                            Routes.of(seen.stream().map(networks::get).toList(), own::contains),
                            subnets));
        }
    }
}
