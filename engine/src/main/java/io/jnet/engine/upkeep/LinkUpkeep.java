package io.jnet.engine.upkeep;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.link.BridgePlan;
import io.jnet.engine.link.Damage;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.OwnLinks;
import io.jnet.engine.link.VethPlan;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.operation.Parts;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.resolve.Resolvers;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.surroundings.BridgeAdoptions;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Mends;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.link.InterfaceName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts right what others do to bridges and ports that jnet made: removed, set down, without their addresses, out of their bridge. Called
 * with the host held, so that no network comes or goes meanwhile; joins go on, and each thing is looked at again once its own lock keeps
 * them from it.
 */
public final class LinkUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(LinkUpkeep.class);

    private final StateStore store;
    private final Locks locks;
    private final LinkLayer links;
    private final OwnLinks ownLinks;
    private final Desired desired;
    private final Mends mends;
    private final Resolvers resolvers;
    private final BridgeAdoptions adoptions;
    /** Names of bridges that somebody else's link has, as far as the log has told of it. */
    private volatile Set<InterfaceName> taken = Set.of();

    public LinkUpkeep(Parts parts, Mends mends) {
        this.store = parts.store();
        this.locks = parts.locks();
        this.links = parts.links();
        this.ownLinks = parts.ownLinks();
        this.desired = parts.desired();
        this.resolvers = parts.resolvers();
        this.adoptions = parts.adoptions();
        this.mends = mends;
    }

    /** Looks once at all of them, and mends what is not as it should be. */
    void mend() {
        Map<NetworkId, Network> networks = networks();
        List<Endpoint> joined = joined(networks);
        Damage damage = ownLinks.look(
                networks.values().stream()
                        .filter(network -> network.adopted().isEmpty())
                        .map(desired::bridge)
                        .toList(),
                joined.stream()
                        .map(endpoint ->
                                desired.veth(networks.get(endpoint.spec().network()), endpoint))
                        .toList());
        tellOfTaken(damage.taken());
        // One that cannot be mended does not keep the others from it.
        Teardown steps = new Teardown();
        for (Network network : networks.values()) {
            Optional.ofNullable(damage.undone().get(network.bridge()))
                    .ifPresent(undone -> steps.step(() -> mend(network, undone)));
        }
        for (Endpoint endpoint : joined) {
            Network network = networks.get(endpoint.spec().network());
            // The others came back with their bridge.
            Optional.ofNullable(damage.undone().get(endpoint.hostLink()))
                    .filter(undone -> !damage.undone().containsKey(network.bridge()))
                    .ifPresent(undone -> steps.step(() -> mend(endpoint, undone)));
        }
        steps.finish();
    }

    /** One line for each bridge whose name somebody else's link has. */
    public List<String> unmendable() {
        return taken.stream().sorted().map(LinkUpkeep::unmendable).toList();
    }

    private Map<NetworkId, Network> networks() {
        Map<NetworkId, Network> networks = new HashMap<>();
        store.read(state -> state.networks()).stream()
                .filter(network -> network.state() == NetworkState.READY && network.hasBridge())
                // What its owner is still making is not touched.
                .filter(network -> network.adopted().isEmpty() || adoptions.isUsed(network))
                .forEach(network -> networks.put(network.id(), network));
        return networks;
    }

    private List<Endpoint> joined(Map<NetworkId, Network> networks) {
        return store.read(state -> state.endpoints()).stream()
                .filter(LinkUpkeep::hasPort)
                .filter(endpoint -> networks.containsKey(endpoint.spec().network()))
                .toList();
    }

    private static boolean hasPort(Endpoint endpoint) {
        return endpoint.state() == EndpointState.JOINED && !endpoint.isOnForeignLink();
    }

    private void mend(Network seen, String undone) {
        mends.mend(
                Mends.Kind.BRIDGE.of(seen.bridge().value()),
                undone,
                Optional.empty(),
                () -> locks.withNetwork(seen.id(), () -> {
                    Map<NetworkId, Network> networks = networks();
                    Optional<BridgePlan> plan =
                            Optional.ofNullable(networks.get(seen.id())).map(desired::bridge);
                    if (plan.isEmpty() || isWhole(plan.get())) {
                        return false;
                    }
                    links.buildBridge(plan.get());
                    resolvers.serve(networks.get(seen.id()));
                    joined(Map.of(seen.id(), seen))
                            .forEach(endpoint ->
                                    ownLinks.mend(plan.get(), desired.veth(networks.get(seen.id()), endpoint)));
                    return true;
                }));
    }

    private void mend(Endpoint seen, String undone) {
        NetworkId id = seen.spec().network();
        mends.mend(
                Mends.Kind.PORT.of(seen.hostLink().value()),
                undone,
                Optional.empty(),
                () -> locks.withEndpoint(id, seen.id(), () -> {
                    Optional<Endpoint> endpoint =
                            store.read(state -> state.endpoint(seen.id())).filter(LinkUpkeep::hasPort);
                    Optional<Network> network = Optional.ofNullable(networks().get(id));
                    if (endpoint.isEmpty() || network.isEmpty()) {
                        return false;
                    }
                    BridgePlan bridge = desired.bridge(network.get());
                    VethPlan port = desired.veth(network.get(), endpoint.get());
                    if (ownLinks.look(List.of(), List.of(port)).undone().isEmpty()) {
                        return false;
                    }
                    ownLinks.mend(bridge, port);
                    return true;
                }));
    }

    private boolean isWhole(BridgePlan plan) {
        return ownLinks.look(List.of(plan), List.of()).undone().isEmpty();
    }

    private void tellOfTaken(Set<InterfaceName> now) {
        now.stream().filter(bridge -> !taken.contains(bridge)).forEach(bridge -> LOG.error(unmendable(bridge)));
        taken = now;
    }

    private static String unmendable(InterfaceName bridge) {
        return "bridge " + bridge + " is gone, and a link of its name is not jnet's: remove that and jnet builds the"
                + " bridge again";
    }
}
