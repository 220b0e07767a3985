package io.jnet.engine.rebuild;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.firewall.BridgePortRules;
import io.jnet.engine.firewall.FirewallState;
import io.jnet.engine.firewall.InstalledRulesets;
import io.jnet.engine.firewall.PortRule;
import io.jnet.engine.firewall.RulesetContent;
import io.jnet.engine.firewall.Surroundings;
import io.jnet.engine.forwarding.LostForwarding;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.link.HostBridge;
import io.jnet.engine.link.HostLink;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.LinkMark;
import io.jnet.engine.link.MarkedLink;
import io.jnet.engine.link.MarkedLinks;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.plan.EndpointParticulars;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.store.StateView;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out what the state would have to be for what the kernel has of one instance: from marked links that are in place, the ruleset of the
 * same instance, and what both agree on. Changes nothing.
 */
final class StateRebuild {
    private final MarkedLinks links;
    private final InstalledRulesets rulesets;
    private final LostForwarding forwarding;
    private final Set<HostLink> present;
    private final List<HostBridge> bridges;
    private final Naming naming;
    private final RulesetContent rules;
    private final PublishPolicy ceiling;

    private final Map<NetworkId, Network> networks = new HashMap<>();
    private final Map<EndpointId, Endpoint> endpoints = new HashMap<>();
    private final List<Network> newNetworks = new ArrayList<>();
    private final List<Endpoint> newEndpoints = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> unproven = new ArrayList<>();

    /**
     * @param host the host's interfaces
     * @param instance the identity of the lost state
     * @param ceiling whom the host's owner lets in
     */
    StateRebuild(
            MarkedLinks links,
            InstalledRulesets rulesets,
            LostForwarding forwarding,
            LinkLayer host,
            String instance,
            PublishPolicy ceiling) {
        this.ceiling = ceiling;
        this.links = links;
        this.rulesets = rulesets;
        this.forwarding = forwarding;
        this.present = host.standalone();
        this.bridges = host.bridges();
        this.naming = new Naming(instance);
        this.rules = rulesets.content(naming.rulesetOwner());
    }

    /**
     * @param state the state as it is: its own records count where the kernel does not contradict them
     * @param namespace the boot and network namespace that is looked at
     */
    RebuildPlan plan(StateView state, String namespace) {
        state.networks().forEach(network -> networks.put(network.id(), network));
        state.endpoints().forEach(endpoint -> endpoints.put(endpoint.id(), endpoint));
        List<MarkedLink> marked = links.inPlace().stream()
                .filter(link -> link.mark().instance().equals(naming.instance()))
                .sorted(Comparator.comparing(MarkedLink::name))
                .toList();
        rebuildNetworks(marked);
        rebuildEndpoints(marked);
        List<NetworkId> goneNetworks = goneNetworks(marked);
        List<EndpointId> goneEndpoints = goneEndpoints(marked, goneNetworks);
        goneEndpoints.forEach(endpoints::remove);
        goneNetworks.forEach(networks::remove);
        rulesets.surplus(ruleset()).forEach(element -> unproven.add("rule element " + element));
        return new RebuildPlan(
                naming.instance(),
                newNetworks,
                newEndpoints,
                settings(state, namespace),
                goneNetworks,
                goneEndpoints,
                unknown,
                unproven);
    }

    private void rebuildNetworks(List<MarkedLink> marked) {
        NetworkRebuild rebuild = new NetworkRebuild(rules, naming);
        for (MarkedLink bridge : marked) {
            NetworkId id = networkOf(bridge);
            boolean isBridge = bridge.mark().owner() == LinkMark.Owner.NETWORK;
            if (!isBridge || isIn(networks.get(id))) {
                continue;
            }
            attempt("bridge " + bridge.name(), () -> {
                Network network = rebuild.of(bridge, ports(marked, bridge));
                networks.put(id, network);
                newNetworks.add(network);
                NetworkRebuild.unknown(bridge).ifPresent(unknown::add);
            });
        }
    }

    private static boolean isIn(Network recorded) {
        return recorded != null && recorded.state() == NetworkState.READY;
    }

    private static Set<InterfaceName> ports(List<MarkedLink> marked, MarkedLink bridge) {
        return marked.stream()
                .filter(link -> link.master().isPresent() && link.master().getAsInt() == bridge.index())
                .map(MarkedLink::name)
                .collect(Collectors.toSet());
    }

    private void rebuildEndpoints(List<MarkedLink> marked) {
        EndpointRebuild rebuild = new EndpointRebuild(rules, naming, links.neighbours());
        for (MarkedLink link : marked) {
            if (link.mark().owner() != LinkMark.Owner.ENDPOINT || isShaperOfAnother(link, marked)) {
                continue;
            }
            EndpointId id = new EndpointId(link.mark().id());
            Endpoint recorded = endpoints.get(id);
            attempt("link " + link.name(), () -> {
                if (recorded != null && recorded.isOnForeignLink()) {
                    return;
                }
                boolean joined = recorded != null && recorded.state() == EndpointState.JOINED;
                Endpoint endpoint =
                        joined ? rebuild.withPorts(recorded, link) : rebuild.of(link, networkOnBridge(link, marked));
                if (joined && isSamePorts(recorded, endpoint)) {
                    return;
                }
                requireFree(endpoint);
                endpoints.put(id, endpoint);
                newEndpoints.add(endpoint);
                if (!joined) {
                    EndpointRebuild.unknown(link).ifPresent(unknown::add);
                }
            });
        }
    }

    private boolean isSamePorts(Endpoint one, Endpoint other) {
        return Set.copyOf(Desired.ports(one, ceiling)).equals(Set.copyOf(Desired.ports(other, ceiling)));
    }

    /** The ifb link of an endpoint that has a veth pair as well. */
    private static boolean isShaperOfAnother(MarkedLink link, List<MarkedLink> marked) {
        return link.shape() == MarkedLink.Shape.OTHER
                && marked.stream()
                        .anyMatch(other -> other.shape() == MarkedLink.Shape.VETH
                                && other.mark().isSameOwner(link.mark()));
    }

    /** The network of the bridge that the link is a port of. */
    private Network networkOnBridge(MarkedLink link, List<MarkedLink> marked) {
        Optional<NetworkId> said = new EndpointParticulars(link.mark().particulars()).network();
        if (said.isPresent()) {
            return networkOfOwner(link, said.get(), marked);
        }
        return marked.stream()
                .filter(bridge -> bridge.mark().owner() == LinkMark.Owner.NETWORK
                        && link.master().isPresent()
                        && link.master().getAsInt() == bridge.index())
                .findFirst()
                .flatMap(bridge -> Optional.ofNullable(networks.get(networkOf(bridge))))
                .orElseThrow(() -> EngineException.conflict("it is on no bridge of a network that is known"));
    }

    /** A network on a bridge that it did not make, which its containers' links have to name. */
    private Network networkOfOwner(MarkedLink link, NetworkId id, List<MarkedLink> marked) {
        Network known = networks.get(id);
        HostLink bridge = present.stream()
                .filter(one -> link.master().isPresent()
                        && one.index() == link.master().getAsInt())
                .findFirst()
                .orElseThrow(() -> EngineException.conflict("its bridge is not known"));
        if (known == null) {
            Set<InterfaceName> ports = marked.stream()
                    .filter(one -> one.master().equals(link.master()))
                    .map(MarkedLink::name)
                    .collect(Collectors.toSet());
            known = new NetworkRebuild(rules, naming)
                    .onBridge(
                            bridge,
                            bridges.stream()
                                    .filter(one -> one.name().equals(bridge.name()))
                                    .flatMap(one -> one.addresses().stream())
                                    .collect(Collectors.toSet()),
                            link,
                            ports);
            networks.put(id, known);
            newNetworks.add(known);
            unknown.add(
                    "network " + known.displayName() + ": bridge " + bridge.name()
                            + " is not jnet's; settings that jnet has changed there stay, and options of the network that leave no trace are taken for not given");
        }
        if (!known.bridge().equals(bridge.name())) {
            throw EngineException.conflict("it is not on bridge " + known.bridge() + " of its network");
        }
        return known;
    }

    private void requireFree(Endpoint endpoint) {
        for (Endpoint other : endpoints.values()) {
            boolean rival = !other.id().equals(endpoint.id())
                    && other.spec().network().equals(endpoint.spec().network())
                    && newEndpoints.contains(other)
                    && other.spec().addresses().stream()
                            .anyMatch(endpoint.spec().addresses()::contains);
            if (rival) {
                throw EngineException.conflict("endpoint " + other.id() + " has its address as well");
            }
        }
    }

    /** Those in the state of which neither bridge nor rule is there: they were removed after it was copied. */
    private List<NetworkId> goneNetworks(List<MarkedLink> marked) {
        if (!rulesets.owners().containsValue(naming.rulesetOwner())) {
            // Somebody has flushed the rules, which then tell nothing.
            return List.of();
        }
        Set<NetworkId> there = marked.stream()
                .filter(link -> link.mark().owner() == LinkMark.Owner.NETWORK)
                .map(StateRebuild::networkOf)
                .collect(Collectors.toSet());
        return networks.values().stream()
                .filter(network -> network.state() == NetworkState.READY && network.hasBridge())
                .filter(network -> !there.contains(network.id()) && !rules.hasBridge(network.bridge()))
                .map(Network::id)
                .sorted()
                .toList();
    }

    private List<EndpointId> goneEndpoints(List<MarkedLink> marked, List<NetworkId> goneNetworks) {
        Set<String> there = marked.stream()
                .filter(link -> link.mark().owner() == LinkMark.Owner.ENDPOINT)
                .map(link -> link.mark().id())
                .collect(Collectors.toSet());
        return endpoints.values().stream()
                .filter(endpoint -> goneNetworks.contains(endpoint.spec().network())
                        || (endpoint.state() != EndpointState.CREATED
                                && !there.contains(endpoint.id().value())
                                && !endpoint.isOnForeignLink()))
                .map(Endpoint::id)
                .sorted()
                .toList();
    }

    /** The rules of the records as they would be, without those of the host's own interfaces. */
    private FirewallState ruleset() {
        List<PortRule> ports = new ArrayList<>();
        List<BridgePortRules> bridgePorts = new ArrayList<>();
        for (Endpoint endpoint : endpoints.values()) {
            ports.addAll(Desired.ports(endpoint, ceiling));
            Optional.ofNullable(networks.get(endpoint.spec().network()))
                    .flatMap(network -> Desired.bridgePort(network, endpoint))
                    .ifPresent(bridgePorts::add);
        }
        return new FirewallState(
                naming.rulesetOwner(),
                networks.values().stream()
                        .filter(network -> network.state() != NetworkState.DELETING && network.hasBridge())
                        .map(network -> Desired.rules(network, ceiling))
                        .toList(),
                ports,
                bridgePorts,
                Surroundings.NONE);
    }

    private List<ChangedSetting> settings(StateView state, String namespace) {
        // What a copy of an earlier boot has recorded is over.
        boolean ofThisKernel = state.identity().namespace().equals(namespace);
        Set<String> recorded = ofThisKernel
                ? state.changedSettings().stream().map(ChangedSetting::key).collect(Collectors.toSet())
                : Set.of();
        Set<InterfaceName> own = networks.values().stream()
                .filter(network -> network.hasBridge() && network.adopted().isEmpty())
                .filter(network -> !network.spec().flags().contains(NetworkFlag.INTERNAL))
                .map(Network::bridge)
                .collect(Collectors.toSet());
        List<ChangedSetting> settings = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            Set<InterfaceName> opened = new HashSet<>(rulesets.opened(family));
            forwarding.changes(family, opened, own, present).stream()
                    .filter(setting -> !recorded.contains(setting.key()))
                    .forEach(settings::add);
        }
        return settings;
    }

    private void attempt(String object, Runnable work) {
        try {
            work.run();
        } catch (EngineException against) {
            unproven.add(object + ": " + against.getMessage());
        }
    }

    private static NetworkId networkOf(MarkedLink bridge) {
        return new NetworkId(bridge.mark().id());
    }
}
