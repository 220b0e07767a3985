package io.jnet.engine.operation;

import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.BridgePortFilter;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.Shaper;
import io.jnet.engine.link.VethPlan;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.store.StateView;
import io.jnet.engine.surroundings.HostPreparation;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creating, joining, leaving and deleting endpoints. */
public final class EndpointOperations {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointOperations.class);

    private final StateStore store;
    private final Naming naming;
    private final Locks locks;
    private final LinkLayer links;
    private final Shaper shaper;
    private final BridgePortFilter bridgePorts;
    private final HostPreparation preparation;
    private final PortOperations ports;
    private final Desired desired;
    /** Joined for a runtime to move the interface, since that started; it may be doing so. */
    private final Set<EndpointId> joinedSince = ConcurrentHashMap.newKeySet();
    /** Whether a runtime has started while this process runs. */
    private volatile boolean started;

    private volatile Runnable removalListener = () -> {};

    public EndpointOperations(Parts parts, PortOperations ports) {
        this.store = parts.store();
        this.naming = parts.naming();
        this.locks = parts.locks();
        this.links = parts.links();
        this.shaper = parts.shaper();
        this.bridgePorts = parts.firewall();
        this.preparation = parts.preparation();
        this.ports = ports;
        this.desired = parts.desired();
    }

    /** Calls {@code listener} after each removal of an endpoint, whoever asked for it. */
    public void onRemoval(Runnable listener) {
        removalListener = listener;
    }

    public Endpoint create(EndpointSpec spec) {
        evictDead(spec);
        AtomicBoolean fresh = new AtomicBoolean();
        Endpoint created = locks.withEndpoint(
                spec.network(),
                spec.id(),
                () -> store.write(state -> {
                    Network network = readyNetwork(state, spec.network());
                    requireBridge(network);
                    Optional<Endpoint> existing = state.endpoint(spec.id());
                    if (existing.isPresent() && existing.get().state() != EndpointState.DELETING) {
                        return same(existing.get(), spec);
                    }
                    EndpointAddresses.check(state, network, spec);
                    Endpoint endpoint = fresh(spec);
                    state.put(endpoint);
                    fresh.set(true);
                    return endpoint;
                }));
        if (fresh.get()) {
            LOG.atInfo()
                    .addKeyValue("network", spec.network())
                    .addKeyValue("endpoint", spec.id())
                    .addKeyValue("addresses", spec.addresses())
                    .log("created endpoint");
        }
        return created;
    }

    public Attachment join(NetworkId networkId, EndpointId id, String sandbox) {
        return prepared(networkId, () -> joined(networkId, id, sandbox));
    }

    /** A network that makes its links itself. */
    static void requireBridge(Network network) {
        if (!network.hasBridge()) {
            throw EngineException.invalid("network " + network.displayName() + " has links that another program makes");
        }
    }

    /** A new endpoint. */
    Endpoint fresh(EndpointSpec spec) {
        return fresh(spec, naming.hostLink(spec.id()), Optional.empty());
    }

    /** A new endpoint whose host link is this one. */
    Endpoint fresh(EndpointSpec spec, InterfaceName hostLink, Optional<InterfaceName> way) {
        return new Endpoint(
                spec,
                hostLink,
                naming.peerLink(spec.id()),
                spec.mac().orElseGet(() -> naming.endpointMac(spec)),
                Optional.empty(),
                List.of(),
                List.of(),
                EndpointState.CREATED,
                spec.bandwidth().egress().map(limit -> naming.shaper(spec.id())),
                way);
    }

    /** Joins on a host that forwards for the network. */
    <T> T prepared(NetworkId networkId, Supplier<T> join) {
        AtomicBoolean preparing = new AtomicBoolean();
        try {
            return locks.withJoin(() -> {
                prepareHost(networkId, preparing);
                return join.get();
            });
        } catch (RuntimeException e) {
            throw preparing.get() ? unprepared(e) : e;
        }
    }

    private Attachment joined(NetworkId networkId, EndpointId id, String sandbox) {
        return locks.withEndpoint(networkId, id, () -> {
            Network network = store.read(state -> readyNetwork(state, networkId));
            Endpoint endpoint = store.read(state -> endpointOf(state, networkId, id));
            boolean same = endpoint.state() == EndpointState.JOINED
                    && endpoint.sandbox().equals(Optional.of(sandbox))
                    && links.live().contains(endpoint.hostLink());
            if (!same) {
                connect(network, endpoint.inSandbox(sandbox));
            }
            return Attachments.of(network, endpoint);
        });
    }

    public void leave(NetworkId networkId, EndpointId id) {
        locks.runWithEndpoint(networkId, id, () -> {
            find(networkId, id)
                    .filter(one -> one.state() != EndpointState.DELETING)
                    .ifPresent(endpoint -> {
                        ports.withdraw(endpoint, EndpointState.LEFT);
                        LOG.atInfo()
                                .addKeyValue("network", networkId)
                                .addKeyValue("endpoint", id)
                                .log("left");
                    });
        });
    }

    public void delete(NetworkId networkId, EndpointId id) {
        locks.runWithEndpoint(networkId, id, () -> {
            find(networkId, id).ifPresent(this::remove);
        });
    }

    public void deleteUnused(NetworkId networkId, EndpointId id) {
        locks.runWithEndpoint(networkId, id, () -> {
            find(networkId, id).ifPresent(endpoint -> {
                if (!isDead(endpoint)) {
                    throw EngineException.conflict("endpoint " + id + " is in use: network namespace "
                            + endpoint.sandbox().orElse("of a container") + " has its interface");
                }
                remove(endpoint);
            });
        });
    }

    /** Whether its link has gone, or its removal has failed. */
    public boolean isVanished(Endpoint endpoint) {
        return isVanished(endpoint, links.live());
    }

    /** The same with the links that were there a moment ago. */
    public static boolean isVanished(Endpoint endpoint, Set<InterfaceName> live) {
        return endpoint.state() == EndpointState.DELETING
                || (endpoint.state() == EndpointState.JOINED && !live.contains(endpoint.hostLink()));
    }

    /** Removes an endpoint with its ports and links; what could not be removed is tried again soon, and at the next start. */
    public void remove(Endpoint endpoint) {
        joinedSince.remove(endpoint.id());
        Teardown teardown = new Teardown();
        teardown.step(() -> ports.withdraw(endpoint, EndpointState.DELETING));
        teardown.step(() -> {
            Network network = networkOf(endpoint);
            if (!endpoint.isOnForeignLink()) {
                links.removeVeth(desired.veth(network, endpoint));
            }
            // Only once there is no port any more that would do without its rules.
            Desired.bridgePort(network, endpoint).ifPresent(bridgePorts::removeBridgePort);
        });
        teardown.step(() -> unshape(endpoint));
        teardown.finish();
        store.change(state -> {
            state.remove(endpoint.id());
        });
        LOG.atInfo()
                .addKeyValue("network", endpoint.spec().network())
                .addKeyValue("endpoint", endpoint.id())
                .log("deleted endpoint");
        removalListener.run();
    }

    /** The endpoint of a network; {@code NOT_FOUND} with both ids when there is none. */
    public static Endpoint endpointOf(StateView state, NetworkId network, EndpointId id) {
        return state.endpoint(id)
                .filter(endpoint -> endpoint.spec().network().equals(network))
                .filter(endpoint -> endpoint.state() != EndpointState.DELETING)
                .orElseThrow(() -> EngineException.notFound("no endpoint " + id + " on network " + network));
    }

    /** The network of an id, in use; {@code NOT_FOUND} when there is none. */
    static Network readyNetwork(StateView state, NetworkId id) {
        return state.network(id)
                .filter(network -> network.state() == NetworkState.READY)
                .orElseThrow(() -> EngineException.notFound("no network " + id));
    }

    /**
     * The host has to forward from the first container on, and not before: where that takes the main switch (IPv6 on older kernels), an
     * engine that starts after jnet, as after a reboot, finds it off and decides on its policies as it would without jnet.
     *
     * @param preparing becomes true before anything is done
     */
    private void prepareHost(NetworkId id, AtomicBoolean preparing) {
        if (!preparation.isDone(store.read(state -> readyNetwork(state, id)))) {
            preparing.set(true);
            locks.runWithHost(() -> {
                // Read again: the network may have gone, and with it the one who puts the settings back.
                Network network = store.read(state -> readyNetwork(state, id));
                preparation.prepare(network);
            });
        }
    }

    /** After a failed join that had the host prepared: as it was, unless a container is on a network that needs it. */
    private RuntimeException unprepared(RuntimeException cause) {
        Teardown undo = new Teardown();
        undo.step(() -> locks.runWithoutJoins(() -> {
            Set<NetworkId> inUse = store.read(state -> state.endpoints()).stream()
                    .filter(endpoint -> endpoint.state() == EndpointState.JOINED)
                    .map(endpoint -> endpoint.spec().network())
                    .collect(Collectors.toSet());
            preparation.releaseBut(store.read(state -> state.networks()).stream()
                    .filter(network -> inUse.contains(network.id()))
                    .toList());
        }));
        return undo.becauseOf(cause);
    }

    private void connect(Network network, Endpoint endpoint) {
        store.change(state -> {
            state.put(endpoint.in(EndpointState.JOINING));
        });
        try {
            build(network, endpoint, UnaryOperator.identity());
        } catch (RuntimeException e) {
            throw disconnected(network, endpoint, e);
        }
        joinedSince.add(endpoint.id());
        store.change(state -> {
            state.put(endpoint.in(EndpointState.JOINED));
        });
        LOG.atInfo()
                .addKeyValue("network", network.id())
                .addKeyValue("endpoint", endpoint.id())
                .addKeyValue("link", endpoint.hostLink())
                .log("joined");
    }

    /** Makes the links of an endpoint whose record is in the store, and what belongs to them. */
    void build(Network network, Endpoint endpoint, UnaryOperator<VethPlan> placement) {
        // No frame leaves a container by a port that no rule knows.
        Desired.bridgePort(network, endpoint).ifPresent(bridgePorts::addBridgePort);
        links.buildVeth(placement.apply(desired.veth(network, endpoint)));
        desired.shaping(network, endpoint).ifPresent(shaper::shape);
    }

    /** After a failed join: as created again, unless links remain, which then stay the record's to remove. */
    private RuntimeException disconnected(Network network, Endpoint endpoint, RuntimeException cause) {
        Teardown undo = new Teardown();
        undo.step(() -> {
            links.removeVeth(desired.veth(network, endpoint));
            unshape(endpoint);
            Desired.bridgePort(network, endpoint).ifPresent(bridgePorts::removeBridgePort);
            store.change(state -> {
                state.put(endpoint.afresh());
            });
        });
        return undo.becauseOf(cause);
    }

    /** Takes back a join that was not finished. */
    public void undoJoin(Endpoint endpoint) {
        links.removeVeth(desired.veth(networkOf(endpoint), endpoint));
        unshape(endpoint);
        store.change(state -> {
            state.put(endpoint.afresh());
        });
    }

    /** What delays packets and does not go with the veth pair. */
    private void unshape(Endpoint endpoint) {
        desired.shaping(networkOf(endpoint), endpoint).ifPresent(shaper::unshape);
    }

    /** A network goes after its endpoints. */
    public Network networkOf(Endpoint endpoint) {
        return store.read(state -> state.network(endpoint.spec().network()))
                .orElseThrow(() -> new EngineException(
                        ErrorCode.INTERNAL,
                        "the state has endpoint " + endpoint.id() + ", but not its network "
                                + endpoint.spec().network()));
    }

    /** The endpoint of a network, in whatever state. */
    public Optional<Endpoint> find(NetworkId network, EndpointId id) {
        return store.read(state ->
                state.endpoint(id).filter(endpoint -> endpoint.spec().network().equals(network)));
    }

    private static Endpoint same(Endpoint existing, EndpointSpec spec) {
        if (!existing.spec().equals(spec)) {
            throw EngineException.conflict("endpoint " + spec.id() + " exists with other properties");
        }
        return existing;
    }

    /**
     * Removes endpoints that hold an address of the new one and have no link that a container could use: a runtime that was killed forgets
     * them without telling, and gives their addresses away.
     *
     * @return whether there were any
     */
    boolean evictDead(EndpointSpec spec) {
        boolean evicted = false;
        for (IpPrefix address : spec.addresses()) {
            Optional<Endpoint> owner = store.read(
                    state -> state.owner(spec.network(), address.address()).flatMap(state::endpoint));
            if (owner.isPresent() && !owner.get().id().equals(spec.id()) && isDead(owner.get())) {
                deleteDead(spec.network(), owner.get().id(), address);
                evicted = true;
            }
        }
        return evicted;
    }

    /** It may be somebody's by now: one that is being joined looks dead until it is. */
    private void deleteDead(NetworkId networkId, EndpointId id, IpPrefix address) {
        locks.runWithEndpoint(networkId, id, () -> {
            find(networkId, id).filter(this::isDead).ifPresent(endpoint -> {
                LOG.atWarn()
                        .addKeyValue("network", networkId)
                        .addKeyValue("endpoint", id)
                        .addKeyValue("address", address)
                        .log("removing an abandoned endpoint whose address was given to another one");
                remove(endpoint);
            });
        });
    }

    private boolean isDead(Endpoint endpoint) {
        return endpoint.state() != EndpointState.JOINED || isVanished(endpoint) || isAbandoned(endpoint);
    }

    /** What was joined before is not being finished any more. */
    public void runtimeStarted() {
        joinedSince.clear();
        started = true;
    }

    /**
     * Whether its container was never started: the interface is still here, for the runtime to move, the namespace that it is for is not, and the
     * runtime has started again since. One that was killed in between does not tell.
     */
    public boolean isAbandoned(Endpoint endpoint) {
        return started
                && isGoing(endpoint)
                && !joinedSince.contains(endpoint.id())
                && links.live().contains(endpoint.peerLink());
    }

    /** Whether it has joined, and the namespace that it joined is not where it was. */
    public boolean isGoing(Endpoint endpoint) {
        return endpoint.state() == EndpointState.JOINED
                && endpoint.sandbox().filter(EndpointOperations::isGone).isPresent();
    }

    /** Removes one that is abandoned. */
    public void removeAbandoned(Endpoint seen) {
        NetworkId network = seen.spec().network();
        locks.runWithEndpoint(network, seen.id(), () -> {
            find(network, seen.id()).filter(this::isAbandoned).ifPresent(endpoint -> {
                LOG.atWarn()
                        .addKeyValue("network", network)
                        .addKeyValue("endpoint", endpoint.id())
                        .log("removing an endpoint whose container was never started");
                remove(endpoint);
            });
        });
    }

    /** Where the folder cannot be seen, as from within Docker's managed plugin, nothing is known. */
    private static boolean isGone(String sandbox) {
        try {
            Path path = Path.of(sandbox);
            return path.getParent() != null
                    && path.isAbsolute()
                    && Files.isDirectory(path.getParent())
                    && !NetworkNamespace.isAt(path);
        } catch (InvalidPathException noPath) {
            return false;
        }
    }
}
