package io.jnet.engine.plan;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.endpoint.PortAccess;
import io.jnet.engine.firewall.BridgePortRules;
import io.jnet.engine.firewall.FirewallState;
import io.jnet.engine.firewall.ForeignTarget;
import io.jnet.engine.firewall.MovedResolver;
import io.jnet.engine.firewall.NetworkRules;
import io.jnet.engine.firewall.Opening;
import io.jnet.engine.firewall.Passage;
import io.jnet.engine.firewall.PortRule;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.firewall.Restriction;
import io.jnet.engine.firewall.Surroundings;
import io.jnet.engine.forwarding.Forwarding;
import io.jnet.engine.forwarding.HostInterfaces;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.link.BridgePlan;
import io.jnet.engine.link.HostBridge;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.ShapingPlan;
import io.jnet.engine.link.VethPlan;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.port.OpenPort;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the store says that rules, bridges, veth pairs and their shaping should be. */
public final class Desired {
    /** With a veth pair, or about to have one. */
    private static final Set<EndpointState> CONNECTED =
            Set.of(EndpointState.JOINING, EndpointState.JOINED, EndpointState.LEFT);

    private final StateStore store;
    private final Naming naming;
    private final LinkLayer links;
    private final List<Forwarding> forwardings;
    private final PublishPolicy ceiling;
    private final Supplier<Optional<Set<Passage>>> passages;
    private final Supplier<Optional<List<MovedResolver>>> movedResolvers;
    private volatile Optional<Surroundings> lastSeen = Optional.empty();

    /**
     * @param ceiling whom the host's owner lets in
     * @param passages what a zone firewall's policies let through at present; nothing where there is no such firewall
     * @param movedResolvers what answers names at another port than 53; nothing where this process answers none
     */
    public Desired(
            StateStore store,
            Naming naming,
            LinkLayer links,
            List<Forwarding> forwardings,
            PublishPolicy ceiling,
            Supplier<Optional<Set<Passage>>> passages,
            Supplier<Optional<List<MovedResolver>>> movedResolvers) {
        this.store = store;
        this.naming = naming;
        this.links = links;
        this.forwardings = List.copyOf(forwardings);
        this.ceiling = ceiling;
        this.passages = passages;
        this.movedResolvers = movedResolvers;
    }

    /** The networks in use that stay when {@code id} goes; not what a failed removal has left. */
    public List<Network> otherNetworks(NetworkId id) {
        return store.read(state -> state.networks().stream()
                .filter(network -> !network.id().equals(id) && network.state() == NetworkState.READY)
                .toList());
    }

    /** The whole ruleset, of the networks in use. */
    public FirewallState ruleset() {
        return ruleset(surroundings(), Optional.empty());
    }

    /** The whole ruleset with a network that is being made. */
    public FirewallState rulesetWith(NetworkId made) {
        return ruleset(surroundings(), Optional.of(made));
    }

    /**
     * The whole ruleset, with the host's interfaces as they were when somebody last looked: where there are thousands, a look takes as long as all
     * the rest. Whoever installs it looks next.
     */
    public FirewallState rulesetAsLastSeen() {
        return lastSeen.map(seen -> ruleset(seen, Optional.empty())).orElseGet(this::ruleset);
    }

    private FirewallState ruleset(Surroundings surroundings, Optional<NetworkId> made) {
        Optional<List<MovedResolver>> moved = movedResolvers.get();
        return store.read(state -> {
            List<Network> inUse = state.networks().stream()
                    .filter(network -> network.state() == NetworkState.READY || made.equals(Optional.of(network.id())))
                    .toList();
            List<Network> networks = inUse.stream().filter(Network::hasBridge).toList();
            Set<NetworkId> ids = inUse.stream().map(Network::id).collect(Collectors.toSet());
            List<PortRule> ports = new ArrayList<>();
            List<BridgePortRules> bridgePorts = new ArrayList<>();
            for (Endpoint endpoint : state.endpoints()) {
                if (!ids.contains(endpoint.spec().network())) {
                    continue;
                }
                ports.addAll(ports(endpoint));
                if (CONNECTED.contains(endpoint.state())) {
                    networks.stream()
                            .filter(network ->
                                    network.id().equals(endpoint.spec().network()))
                            .forEach(network -> bridgePort(network, endpoint).ifPresent(bridgePorts::add));
                }
            }
            return new FirewallState(
                    naming.rulesetOwner(),
                    networks.stream().map(this::rules).toList(),
                    ports,
                    bridgePorts,
                    surroundings,
                    moved);
        });
    }

    /** The interfaces of the host that are no network's. */
    public Surroundings surroundings() {
        Set<InterfaceName> own = store.read(state -> state.networks()).stream()
                .filter(Network::hasBridge)
                // A bridge of somebody else's that no rule knows may be the host's way out.
                .filter(network -> network.state() == NetworkState.READY
                        || network.adopted().isEmpty())
                .map(Network::bridge)
                .collect(Collectors.toSet());
        List<HostBridge> foreign = links.bridges().stream()
                .filter(bridge -> !own.contains(bridge.name()))
                .toList();
        HostInterfaces host = HostInterfaces.of(links.standalone(), foreign, own);
        List<ChangedSetting> recorded = store.read(state -> state.changedSettings());
        Surroundings seen = new Surroundings(
                host.uplinkBridges(),
                forwardings.stream()
                        .collect(Collectors.toMap(Forwarding::family, forwarding -> forwarding.guard(recorded, host))),
                passages.get());
        lastSeen = Optional.of(seen);
        return seen;
    }

    /** The bridge that a network should have. */
    public BridgePlan bridge(Network network) {
        NetworkSpec spec = network.spec();
        return new BridgePlan(
                network.bridge(),
                network.bridgeMac(),
                network.mtu(),
                spec.bridgeAddresses(),
                spec.isOnBridge(AddressFamily.INET6),
                spec.flags().contains(NetworkFlag.PROMISCUOUS_BRIDGE),
                spec.vlans(),
                naming.alias(network));
    }

    /** The veth pair that an endpoint should have. */
    public VethPlan veth(Network network, Endpoint endpoint) {
        return new VethPlan(
                endpoint.hostLink(),
                endpoint.peerLink(),
                endpoint.hostMac(),
                endpoint.mac(),
                endpoint.spec().addresses().stream().map(IpPrefix::address).toList(),
                network.bridge(),
                network.mtu(),
                !network.spec().flags().contains(NetworkFlag.INTER_CONTAINER),
                network.spec().vlans(),
                network.adopted().isPresent(),
                naming.alias(network, endpoint),
                Optional.empty());
    }

    /** How an endpoint's packets should be delayed; nothing where none are. */
    public Optional<ShapingPlan> shaping(Network network, Endpoint endpoint) {
        if (!endpoint.spec().bandwidth().hasLimit()) {
            return Optional.empty();
        }
        return Optional.of(new ShapingPlan(
                endpoint.hostLink(),
                endpoint.shaper(),
                endpoint.shaperMac(),
                endpoint.spec().bandwidth(),
                network.mtu(),
                naming.shaperAlias(endpoint.id()),
                endpoint.isOnForeignLink()));
    }

    /** A network's part of the ruleset. */
    public NetworkRules rules(Network network) {
        return rules(network, ceiling);
    }

    /**
     * A network's part of the ruleset.
     *
     * @param ceiling whom the host's owner lets in
     */
    public static NetworkRules rules(Network network, PublishPolicy ceiling) {
        List<Subnet> subnets = network.spec().subnets();
        return new NetworkRules(
                network.bridge(),
                subnets.stream().map(Subnet::prefix).toList(),
                network.ownAddresses().stream().map(IpPrefix::address).toList(),
                network.spec().flags(),
                network.spec().exterior().publishing(policy(network, ceiling)),
                Sources.of(network),
                network.adopted().isPresent() ? Optional.empty() : Optional.of(network.bridgeMac()),
                network.nameServers());
    }

    /** Who is let in to a network by its owner and the host's. */
    public PublishPolicy policy(Network network) {
        return policy(network, ceiling);
    }

    private static PublishPolicy policy(Network network, PublishPolicy ceiling) {
        return ceiling.and(network.spec().exterior().publish());
    }

    /** What the ruleset needs to know of an endpoint's port on its bridge; nothing on networks that treat all alike. */
    public static Optional<BridgePortRules> bridgePort(Network network, Endpoint endpoint) {
        Set<NetworkFlag> flags = network.spec().flags();
        if (!BridgePortRules.areNeededWith(flags)) {
            return Optional.empty();
        }
        return Optional.of(new BridgePortRules(
                endpoint.hostLink(),
                endpoint.mac(),
                endpoint.spec().addresses().stream().map(IpPrefix::address).toList(),
                flags));
    }

    /** An endpoint's part of the ruleset. */
    public List<PortRule> ports(Endpoint endpoint) {
        return ports(endpoint, ceiling);
    }

    /**
     * An endpoint's part of the ruleset.
     *
     * @param ceiling whom the host's owner lets in
     */
    public static List<PortRule> ports(Endpoint endpoint, PublishPolicy ceiling) {
        List<Publication> publications = publications(endpoint, endpoint.ports());
        List<PortRule> ports = new ArrayList<>(publications);
        if (endpoint.isOnForeignLink()) {
            publications.stream()
                    .map(publication -> publication.containerAddress().family())
                    .distinct()
                    .flatMap(family -> endpoint.spec().address(family).stream())
                    .map(ForeignTarget::new)
                    .forEach(ports::add);
        }
        for (OpenPort open : endpoint.open()) {
            endpoint.spec()
                    .address(open.family())
                    .ifPresent(address -> ports.add(new Opening(open.protocol(), address.address(), open.ports())));
        }
        if (!ports.isEmpty()) {
            ports.addAll(restrictions(endpoint, ceiling));
        }
        return ports;
    }

    /** What the rules of the endpoint's network do not say already; a link of somebody else is in no network of jnet's. */
    private static List<Restriction> restrictions(Endpoint endpoint, PublishPolicy ceiling) {
        PublishPolicy own = endpoint.spec().publish();
        PublishPolicy policy = endpoint.isOnForeignLink() ? ceiling.and(own) : own;
        return policy.admitsAll()
                ? List.of()
                : endpoint.spec().addresses().stream()
                        .map(address -> new Restriction(address.address(), policy))
                        .toList();
    }

    /** What bindings mean in the ruleset: one publication for each host address that the kernel translates. */
    public static List<Publication> publications(Endpoint endpoint, List<PortBinding> bindings) {
        List<Publication> publications = new ArrayList<>();
        for (PortBinding binding : bindings) {
            for (IpAddress host : PortAccess.of(endpoint.spec(), binding).kernel()) {
                publications.add(new Publication(
                        binding.protocol(),
                        host,
                        binding.hostPorts(),
                        endpoint.spec().address(host.family()).orElseThrow().address(),
                        binding.containerPort()));
            }
        }
        return publications;
    }
}
