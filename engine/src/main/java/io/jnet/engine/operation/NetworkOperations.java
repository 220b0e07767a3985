package io.jnet.engine.operation;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.firewall.NetworkRules;
import io.jnet.engine.link.BridgeState;
import io.jnet.engine.link.LinkIdentity;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.network.Adoption;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.resolve.Resolvers;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.store.StateView;
import io.jnet.engine.surroundings.BridgeAdoptions;
import io.jnet.engine.surroundings.HostPreparation;
import io.jnet.engine.surroundings.OtherFirewalls;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creating and deleting networks. */
public final class NetworkOperations {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkOperations.class);

    private final StateStore store;
    private final Naming naming;
    private final Locks locks;
    private final LinkLayer links;
    private final Firewall firewall;
    private final ForwardAdmission admission;
    private final HostPreparation preparation;
    private final Desired desired;
    private final BridgeAdoptions adoptions;
    private final EndpointOperations endpoints;
    private final OtherFirewalls firewalls;
    private final Resolvers resolvers;

    public NetworkOperations(Parts parts, EndpointOperations endpoints) {
        this.store = parts.store();
        this.naming = parts.naming();
        this.locks = parts.locks();
        this.links = parts.links();
        this.firewall = parts.firewall();
        this.admission = parts.admission();
        this.preparation = parts.preparation();
        this.desired = parts.desired();
        this.adoptions = parts.adoptions();
        this.endpoints = endpoints;
        this.firewalls = parts.firewalls();
        this.resolvers = parts.resolvers();
    }

    public Network create(NetworkSpec spec) {
        locks.runWithHost(this::endRemovals);
        return locks.withNetwork(spec.id(), () -> {
            Optional<Network> existing = store.read(state -> state.network(spec.id()));
            if (existing.isPresent() && existing.get().state() == NetworkState.READY) {
                return same(existing.get(), spec);
            }
            existing.filter(left ->
                            !left.spec().equals(spec) || (left.adopted().isPresent() && !adoptions.hasReleased(left)))
                    .ifPresent(left -> {
                        throw stillGoing(left);
                    });
            Network fresh = new Network(spec, naming.bridge(spec), naming.bridgeMac(spec.id()), NetworkState.CREATING);
            Optional<Adoption> adopted = adoption(fresh);
            Network network = store.write(state -> {
                checkConflicts(state, spec);
                Network planned = adopted.map(fresh::adopting).orElse(fresh);
                state.put(planned);
                return planned;
            });
            return build(network);
        });
    }

    public void delete(NetworkId id) {
        locks.runWithNetwork(id, () -> {
            Optional<Network> network = store.read(state -> state.network(id));
            network.ifPresent(this::remove);
        });
    }

    /** Removes a network and all that is on it; what could not be removed is tried again soon, and at the next start. */
    public void remove(Network network) {
        if (network.state() == NetworkState.READY) {
            store.change(state -> {
                state.put(network.in(NetworkState.DELETING));
            });
        }
        // One that never was in use goes without another word: the disk may be full.
        List<Endpoint> left = store.read(state -> state.endpoints()).stream()
                .filter(endpoint -> endpoint.spec().network().equals(network.id()))
                .toList();
        Teardown teardown = new Teardown();
        for (Endpoint endpoint : left) {
            teardown.step(() -> endpoints.remove(endpoint));
        }
        teardown.step(() -> resolvers.stop(network.id()));
        teardown.step(() -> removeBridge(network));
        teardown.step(() -> withdraw(network));
        teardown.finish();
        store.changeThrough(state -> {
            state.remove(network.id());
        });
        firewalls.leave();
        if (network.adopted().isPresent()
                && !desired.otherNetworks(network.id()).isEmpty()) {
            // The bridge is the host's again, perhaps its way out. Its release need not have changed anything that the
            // kernel tells of.
            firewall.setSurroundings(desired.surroundings());
        }
        LOG.atInfo()
                .addKeyValue("network", network.id())
                .addKeyValue("bridge", network.bridge())
                .log("deleted network");
    }

    /** What has failed may be in the way of a network that is made in its place; where it fails again the new one may do without. */
    private void endRemovals() {
        try {
            removeHalfDone();
        } catch (RuntimeException again) {
            LOG.debug("cannot end a removal that failed: {}", again.toString());
        }
    }

    /** Goes on with removals that have failed. Called with the host held: then no network is being made. */
    public void removeHalfDone() {
        Teardown steps = new Teardown();
        store.read(state -> state.networks()).stream()
                .filter(network -> network.state() != NetworkState.READY)
                .forEach(network -> steps.step(() -> locks.runWithNetwork(network.id(), () -> remove(network))));
        steps.finish();
    }

    /** What keeps a network's bridge from connecting its containers, and what to do; empty when nothing does. */
    public Optional<String> difference(NetworkId id) {
        Network network = store.read(state -> EndpointOperations.readyNetwork(state, id));
        if (!network.hasBridge()) {
            return Optional.empty();
        }
        if (network.adopted().isPresent()) {
            return adoptions.trouble(network);
        }
        String bridge = "bridge " + network.bridge() + " of network " + network.displayName();
        return switch (links.bridge(naming.bridgeLink(network))) {
            case ABSENT -> Optional.of(bridge + " is gone: jnet builds it again, unless jnet status says why not");
            case FOREIGN ->
                Optional.of(
                        bridge
                                + " is gone, and a link of its name is not jnet's: remove that and jnet builds the bridge again");
            case DOWN -> Optional.of(bridge + " is down: ip link set " + network.bridge() + " up");
            case UP -> Optional.empty();
        };
    }

    /** A link of the bridge's name that is somebody else's is not the network's to remove. */
    private void removeBridge(Network network) {
        if (!network.hasBridge()) {
            return;
        }
        if (network.adopted().isPresent()) {
            // One that came after it found it given back.
            if (desired.otherNetworks(network.id()).stream()
                    .noneMatch(other -> other.bridge().equals(network.bridge()))) {
                adoptions.release(network);
            }
            return;
        }
        if (network.spec().flags().contains(NetworkFlag.LASTING_BRIDGE) && network.state() != NetworkState.CREATING) {
            adoptions.giveUp(network);
            return;
        }
        LinkIdentity bridge = naming.bridgeLink(network);
        if (links.bridge(bridge) != BridgeState.FOREIGN) {
            links.removeBridge(bridge);
        }
    }

    /** A bridge that the network names and that somebody else made is used as it is. */
    private Optional<Adoption> adoption(Network fresh) {
        requireNotHeld(fresh);
        boolean named = fresh.spec().bridge().isPresent();
        if (!named || !isForeign(fresh)) {
            return Optional.empty();
        }
        if (fresh.spec().flags().contains(NetworkFlag.OWN_BRIDGE)) {
            throw EngineException.conflict("link " + fresh.bridge()
                    + " exists and jnet did not make it: choose another name, or say that it is to be used");
        }
        adoptions.requireReach(fresh);
        return adoptions.examine(fresh);
    }

    /** A bridge that another network has still to remove, or to give back, is nobody's to use. */
    private void requireNotHeld(Network fresh) {
        store.read(state -> state.networks()).stream()
                .filter(other -> !other.id().equals(fresh.id()))
                .filter(other ->
                        other.state() != NetworkState.READY && other.bridge().equals(fresh.bridge()))
                .filter(this::holdsBridge)
                .findFirst()
                .ifPresent(other -> {
                    throw stillGoing(other);
                });
    }

    private static EngineException stillGoing(Network network) {
        return EngineException.conflict("network " + network.displayName() + " with bridge " + network.bridge()
                + " is not gone yet: its removal failed and is tried again, see the log of jnet");
    }

    private boolean holdsBridge(Network network) {
        if (network.adopted().isPresent()) {
            return !adoptions.hasReleased(network);
        }
        BridgeState bridge = links.bridge(naming.bridgeLink(network));
        return bridge == BridgeState.UP || bridge == BridgeState.DOWN;
    }

    /** Whether a link of the bridge's name is there that is somebody else's. */
    private boolean isForeign(Network network) {
        return links.bridge(naming.bridgeLink(network)) == BridgeState.FOREIGN;
    }

    private void buildBridge(Network network) {
        if (network.adopted().isPresent()) {
            adoptions.adopt(network);
        } else if (network.hasBridge()) {
            links.buildBridge(desired.bridge(network));
        }
    }

    private static Network same(Network existing, NetworkSpec spec) {
        if (!existing.spec().equals(spec)) {
            throw EngineException.conflict("network " + spec.id() + " exists with other properties");
        }
        return existing;
    }

    private Network build(Network network) {
        try {
            // Before the rules: a link of somebody else must not become a bridge to them, not even for a moment.
            if (network.hasBridge() && network.adopted().isEmpty() && isForeign(network)) {
                throw EngineException.conflict("link " + network.bridge()
                        + " exists and is not this network's: remove it, or choose another name");
            }
            // Isolation comes before connectivity: no packet passes a bridge that no rule knows.
            if (desired.otherNetworks(network.id()).isEmpty()) {
                firewall.install(desired.rulesetWith(network.id()));
            } else if (network.hasBridge()) {
                firewall.addNetwork(desired.rules(network));
            }
            buildBridge(network);
            resolvers.serve(network);
            admission.admit();
            firewalls.admit(network);
            Network ready = store.writeThrough(state -> {
                state.put(network.in(NetworkState.READY));
                return network.in(NetworkState.READY);
            });
            LOG.atInfo()
                    .addKeyValue("network", network.id())
                    .addKeyValue("bridge", network.bridge())
                    .log("created network");
            return ready;
        } catch (RuntimeException e) {
            // What cannot be removed now stays recorded as going, for the next start.
            Teardown undo = new Teardown();
            undo.step(() -> remove(network));
            throw undo.becauseOf(e);
        }
    }

    /** Takes a network out of the host's rules and settings; with the last network, all of them go. */
    private void withdraw(Network network) {
        List<Network> others = desired.otherNetworks(network.id());
        Teardown teardown = new Teardown();
        if (others.isEmpty()) {
            teardown.step(admission::withdraw);
        } else if (network.hasBridge()) {
            teardown.step(() -> removeRules(network, others));
        }
        teardown.step(() -> {
            preparation.release(others);
            // Only then: as long as the host forwards because of jnet, the rules keep it from forwarding for others.
            if (others.isEmpty()) {
                firewall.uninstall();
            }
        });
        teardown.finish();
    }

    /** A network whose removal failed may have a successor by now, with the same ranges or the same bridge: that keeps its rules. */
    private void removeRules(Network network, List<Network> others) {
        List<NetworkRules> successors = others.stream()
                .filter(Network::hasBridge)
                .filter(other -> other.bridge().equals(network.bridge())
                        || other.spec().subnets().stream().anyMatch(theirs -> network.spec().subnets().stream()
                                .anyMatch(own -> own.prefix().overlaps(theirs.prefix()))))
                .map(desired::rules)
                .toList();
        firewall.removeNetwork(desired.rules(network), successors);
    }

    private void checkConflicts(StateView state, NetworkSpec spec) {
        InterfaceName bridge = naming.bridge(spec);
        for (Network other : state.networks()) {
            // Others that are not in use are what a failed creation or removal has left: one at a time is under way.
            if (other.id().equals(spec.id()) || other.state() != NetworkState.READY) {
                continue;
            }
            if (spec.name().isPresent() && spec.name().equals(other.spec().name())) {
                throw EngineException.conflict(
                        "network name " + spec.name().get() + " is taken by network " + other.id());
            }
            if (bridge.equals(other.bridge())) {
                throw EngineException.conflict("bridge " + bridge + " belongs to network " + other.displayName());
            }
            for (Subnet subnet : spec.subnets()) {
                other.spec().subnets().stream()
                        .filter(theirs -> theirs.prefix().overlaps(subnet.prefix()))
                        .findFirst()
                        .ifPresent(theirs -> {
                            throw EngineException.conflict("subnet " + subnet.prefix() + " overlaps " + theirs.prefix()
                                    + " of network " + other.displayName());
                        });
            }
        }
    }
}
