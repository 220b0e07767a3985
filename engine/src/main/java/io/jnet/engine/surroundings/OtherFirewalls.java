package io.jnet.engine.surroundings;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.PortAccess;
import io.jnet.engine.firewall.ForwardBarrier;
import io.jnet.engine.firewall.HostFilterView;
import io.jnet.engine.firewall.HostFilters;
import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.engine.link.HostLink;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What jnet says and does about firewalls of the host that are not its own: which networks publish past them, which of them keep a
 * network from the outside, and, where one goes by zones, that bridges are in one. Thread-safe.
 */
public final class OtherFirewalls {
    private static final Logger LOG = LoggerFactory.getLogger(OtherFirewalls.class);
    /** A zone firewall that is about to start or to reload does not answer meanwhile; the container need not wait for all of that. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What the marks of networks begin with, among what was told. */
    private static final String PAST = "past ";

    private final StateStore store;
    private final LinkLayer links;
    private final HostFilterView view;
    private final ZoneFirewall zones;
    private final PublishPolicy ceiling;
    /** Networks of which the log has said what they publish past, and barriers of which it has told. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private volatile HostFilters filters = HostFilters.NONE;
    /** The host's interfaces as they were when it was last looked. */
    private volatile Set<InterfaceName> others = Set.of();

    public OtherFirewalls(StateStore store, HostConnection host, PublishPolicy ceiling) {
        this.store = store;
        this.links = host.links();
        this.view = host.filters();
        this.zones = host.zones();
        this.ceiling = ceiling;
    }

    /** Looks at what is there and follows it. */
    public void follow() {
        look();
        List<Network> networks = networks();
        filters.barriers().stream()
                .filter(barrier -> networks.stream().anyMatch(network -> concerns(barrier, network)))
                .filter(barrier -> told.add(barrier.name()))
                .forEach(barrier -> LOG.warn(refusal(barrier, "jnet's networks")));
        for (Endpoint endpoint : store.read(state -> state.endpoints())) {
            networks.stream()
                    .filter(network -> network.id().equals(endpoint.spec().network()))
                    .forEach(network -> tell(network, endpoint));
        }
    }

    /** For a network that has just been made. */
    public void admit(Network network) {
        look();
        filters.barriers().stream()
                .filter(barrier -> concerns(barrier, network))
                .forEach(barrier -> {
                    told.add(barrier.name());
                    LOG.warn(refusal(barrier, "network " + network.displayName()));
                });
        if (filters.zones() && isInZone(network) && !zones.await(network.bridge(), PATIENCE)) {
            LOG.warn(
                    "bridge {} of network {} is in no zone of firewalld yet: {}",
                    network.bridge(),
                    network.displayName(),
                    zones.trouble().orElse("it does not answer"));
        }
    }

    /** For a network that has just been removed. */
    public void leave() {
        if (filters.zones()) {
            followZones(others);
        }
    }

    /** For ports that have just been published. */
    public void published(Endpoint endpoint) {
        if (filters.guard().isPresent()) {
            store.read(state -> state.network(endpoint.spec().network())).ifPresent(network -> tell(network, endpoint));
        }
    }

    /** The firewall of the host that a published port goes past; empty where it goes past none. */
    public Optional<String> past(Endpoint endpoint, PortBinding binding) {
        return filters.guard().filter(guard -> store.read(
                        state -> state.network(endpoint.spec().network()))
                .filter(network -> isPast(network, endpoint, binding))
                .isPresent());
    }

    /** What a person should know: one line each. */
    public List<String> notes() {
        List<Network> networks = networks();
        return Stream.concat(
                        filters.barriers().stream()
                                .filter(barrier -> networks.stream().anyMatch(network -> concerns(barrier, network)))
                                .map(barrier -> refusal(barrier, "jnet's networks")),
                        zones.trouble().stream().map(trouble -> "bridges are in no zone of firewalld: " + trouble))
                .toList();
    }

    private static boolean concerns(ForwardBarrier barrier, Network network) {
        return Stream.of(AddressFamily.values())
                .anyMatch(family -> barrier.concerns(family) && network.spec().has(family));
    }

    private void look() {
        filters = view.look();
        if (filters.guard().isEmpty()) {
            told.removeIf(name -> name.startsWith(PAST));
        }
        Set<String> present =
                networks().stream().map(network -> PAST + network.id()).collect(Collectors.toSet());
        told.removeIf(name -> name.startsWith(PAST) && !present.contains(name));
        told.removeIf(name -> !name.startsWith(PAST)
                && filters.barriers().stream()
                        .noneMatch(barrier -> barrier.name().equals(name)));
        if (!filters.zones()) {
            zones.forget();
            return;
        }
        others = links.standalone().stream().map(HostLink::name).collect(Collectors.toUnmodifiableSet());
        followZones(others);
    }

    private void followZones(Set<InterfaceName> links) {
        Set<InterfaceName> bridges = networks().stream()
                .filter(OtherFirewalls::isInZone)
                .map(Network::bridge)
                .collect(Collectors.toSet());
        Set<InterfaceName> strangers = new HashSet<>(links);
        strangers.removeAll(bridges);
        zones.follow(bridges, strangers);
    }

    private void tell(Network network, Endpoint endpoint) {
        Optional<String> guard = filters.guard();
        if (guard.isPresent()
                && endpoint.ports().stream().anyMatch(binding -> isPast(network, endpoint, binding))
                && told.add(PAST + network.id())) {
            LOG.warn(
                    "network {} publishes ports past {}: what is published is forwarded, and {} is not asked; publish.policy"
                            + " says who may come in",
                    network.displayName(),
                    guard.get(),
                    guard.get());
        }
    }

    private boolean isPast(Network network, Endpoint endpoint, PortBinding binding) {
        return filters.barriers().isEmpty()
                && !policy(network.id(), endpoint).firewalled()
                && PortAccess.of(endpoint.spec(), binding).kernel().stream()
                        .anyMatch(address -> address.isAny() || !isLoopback(address.toString()));
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.");
    }

    private PublishPolicy policy(NetworkId id, Endpoint endpoint) {
        PublishPolicy own = ceiling.and(endpoint.spec().publish());
        return store.read(state -> state.network(id))
                .map(network -> own.and(network.spec().exterior().publish()))
                .orElse(own);
    }

    /** A bridge of somebody else is in the zone that its owner has put it into. */
    private static boolean isInZone(Network network) {
        return network.hasBridge()
                && network.adopted().isEmpty()
                && !network.spec().subnets().isEmpty()
                && !network.spec().flags().contains(NetworkFlag.INTERNAL);
    }

    private List<Network> networks() {
        return store.read(state -> state.networks()).stream()
                .filter(network -> network.state() != NetworkState.DELETING)
                .toList();
    }

    private static String refusal(ForwardBarrier barrier, String whom) {
        return "%s drops what is forwarded (policy drop): %s reach nothing outside, and nobody outside reaches what they publish; to let that through: %s"
                .formatted(barrier.name(), whom, barrier.command());
    }
}
