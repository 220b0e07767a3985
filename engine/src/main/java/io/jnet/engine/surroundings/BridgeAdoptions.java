package io.jnet.engine.surroundings;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.link.AdoptedBridges;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.OwnLinks;
import io.jnet.engine.network.Adoption;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Mends;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Networks on bridges that were there before them. Such a bridge stays its owner's: what is changed on it is recorded first, and taken back
 * when the network goes; it is never made, and never removed. When its owner removes it the network waits, and uses the next one of its
 * name at once.
 */
public final class BridgeAdoptions {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeAdoptions.class);

    private final StateStore store;
    private final Locks locks;
    private final Firewall firewall;
    private final Desired desired;
    private final AdoptedBridges bridges;
    private final LinkLayer links;
    private final OwnLinks ownLinks;
    /** Networks whose bridge has come back, so far without a port of its owner's. */
    private final Set<NetworkId> waitingForPorts = ConcurrentHashMap.newKeySet();
    /** Networks that the record says are on the bridge that has come back, and that have not all of it yet. */
    private final Set<NetworkId> unfinished = ConcurrentHashMap.newKeySet();
    /** Networks that have given their bridge back, and may not be removed yet. */
    private final Set<NetworkId> released = ConcurrentHashMap.newKeySet();

    public BridgeAdoptions(
            StateStore store,
            Locks locks,
            Firewall firewall,
            Desired desired,
            AdoptedBridges bridges,
            LinkLayer links,
            OwnLinks ownLinks) {
        this.store = store;
        this.locks = locks;
        this.links = links;
        this.ownLinks = ownLinks;
        this.firewall = firewall;
        this.desired = desired;
        this.bridges = bridges;
    }

    /** What a new network would change on a bridge that is there already; nothing where there is none. */
    public Optional<Adoption> examine(Network planned) {
        return bridges.examine(desired.bridge(planned));
    }

    /**
     * Refuses what would cut the host off: the rules let nobody on an internal network's bridge reach more than its subnets, and on an
     * isolated one or that of a network without subnets not the host at all, also when it is a bridge by which the host itself is reached.
     *
     * @throws EngineException with {@code CONFLICT} that names the address
     */
    public void requireReach(Network planned) {
        NetworkSpec spec = planned.spec();
        boolean internal = spec.flags().contains(NetworkFlag.INTERNAL);
        if (!internal && !spec.subnets().isEmpty()) {
            return;
        }
        String kind = internal ? "an internal network" : "a network without addresses";
        links.bridges().stream()
                .filter(bridge -> bridge.name().equals(planned.bridge()))
                .flatMap(bridge -> bridge.addresses().stream())
                .filter(address -> !staysReached(spec, address))
                .findFirst()
                .ifPresent(address -> {
                    throw EngineException.conflict("bridge " + planned.bridge() + " has address " + address
                            + ", which nobody on it could reach with " + kind + " there: choose another bridge,"
                            + " or the subnet of that address");
                });
    }

    /** Makes the recorded changes. */
    public void adopt(Network network) {
        released.remove(network.id());
        network.adopted().ifPresent(adoption -> {
            bridges.adopt(network.bridge(), adoption);
            bridges.keepMac(network.bridge());
        });
    }

    /** Whether the network's bridge is there and in use, and not another one of its name. */
    public boolean isUsed(Network network) {
        int index = network.adopted().orElse(Adoption.NONE).index();
        try {
            return examine(network).filter(found -> found.index() == index).isPresent();
        } catch (EngineException another) {
            return false;
        }
    }

    /** Takes the recorded changes back, once: what its owner does with the bridge after that is no more the network's. */
    public void release(Network network) {
        waitingForPorts.remove(network.id());
        unfinished.remove(network.id());
        if (!released.contains(network.id())) {
            network.adopted().ifPresent(adoption -> bridges.release(network.bridge(), adoption));
            released.add(network.id());
        }
    }

    /** Whether a network that is being removed has given its bridge back. */
    public boolean hasReleased(Network network) {
        return released.contains(network.id());
    }

    /** Leaves a bridge that jnet made on the host. */
    public void giveUp(Network network) {
        bridges.giveUp(network.bridge(), desired.bridge(network).alias());
    }

    /**
     * Uses the bridge that is there now, which may be another one than before, and brings the network's containers back to it.
     *
     * @throws EngineException with {@code CONFLICT} and what to do when there is none, or its owner is still making it
     */
    public void resume(Network network) {
        Adoption before = network.adopted().orElse(Adoption.NONE);
        Adoption found = examine(network).orElseThrow(() -> EngineException.conflict(missing(network)));
        boolean another = isAnother(network, before, found);
        if (another && !before.isReady(found)) {
            throw EngineException.conflict(down(network));
        }
        if (another) {
            unfinished.add(network.id());
        }
        Adoption due = before.again(found);
        Network resumed = network.adopting(before.followedBy(due));
        if (!resumed.equals(network)) {
            store.changeThrough(state -> {
                state.put(resumed);
            });
        }
        if (another || !resumed.equals(network)) {
            firewall.install(desired.ruleset());
        }
        bridges.adopt(network.bridge(), due);
        // Before the containers' ports are on it, of which it would take one's.
        bridges.keepMac(network.bridge());
        if (another && !bridges.hasOwnersPorts(network.bridge())) {
            waitingForPorts.add(network.id());
        }
        reconnect(network);
        unfinished.remove(network.id());
    }

    private boolean isAnother(Network network, Adoption before, Adoption found) {
        return found.index() != before.index() || unfinished.contains(network.id());
    }

    /** Brings a network's containers back to its bridge, which is another one than that which they were on. */
    public void reconnect(Network network) {
        for (Endpoint endpoint : store.read(state -> state.endpoints())) {
            if (endpoint.spec().network().equals(network.id()) && endpoint.state() == EndpointState.JOINED) {
                ownLinks.mend(desired.bridge(network), desired.veth(network, endpoint));
            }
        }
    }

    /** Resumes networks whose bridge has come back as another one, and follows the others; called with the host held. */
    public void follow(Mends mends) {
        // One whose bridge cannot be used does not keep the others from theirs.
        Teardown steps = new Teardown();
        adopting().forEach(network -> steps.step(() -> follow(network, mends)));
        steps.finish();
    }

    private void follow(Network network, Mends mends) {
        Adoption before = network.adopted().orElse(Adoption.NONE);
        Optional<Adoption> examined = examine(network);
        if (examined.isEmpty()) {
            return;
        }
        Adoption found = examined.get();
        if (!isAnother(network, before, found)) {
            followPorts(network, before, found.mtu());
            Adoption due = before.again(found);
            if (!due.addresses().isEmpty() || !due.settings().isEmpty()) {
                mends.mend(
                        Mends.Kind.BRIDGE.of(network.bridge().value()),
                        "was stripped of what its network gave it",
                        Optional.empty(),
                        () -> giveAgain(network.id()));
            }
        } else if (before.isReady(found)) {
            locks.runWithRules(() -> {
                resume(network);
            });
            LOG.atInfo()
                    .addKeyValue("network", network.id())
                    .addKeyValue("bridge", network.bridge())
                    .log("using the bridge that has come back");
        }
    }

    /** The first port that its owner gives a bridge that has come back gives it its MAC address, and such ports its MTU, as without jnet. */
    private void followPorts(Network network, Adoption before, int mtu) {
        boolean waiting = waitingForPorts.contains(network.id());
        boolean other = mtu != before.mtu() && network.spec().mtu().isEmpty();
        if ((!waiting && !other) || !bridges.hasOwnersPorts(network.bridge())) {
            return;
        }
        if (waiting) {
            bridges.takePortsMac(network.bridge());
            waitingForPorts.remove(network.id());
        }
        if (other) {
            followMtu(network.id(), before, mtu);
        }
    }

    /** Whether there was anything to give. */
    private boolean giveAgain(NetworkId id) {
        return locks.withNetwork(id, () -> {
            Optional<Network> network = store.read(state -> state.network(id));
            Adoption before = network.flatMap(Network::adopted).orElse(Adoption.NONE);
            Optional<Adoption> due = network.filter(one -> one.state() == NetworkState.READY)
                    .flatMap(this::examine)
                    .filter(found -> found.index() == before.index())
                    .map(before::again);
            due.ifPresent(changes -> bridges.adopt(network.orElseThrow().bridge(), changes));
            return due.isPresent();
        });
    }

    /** Containers that come later get the MTU that the bridge has got meanwhile. */
    private void followMtu(NetworkId id, Adoption before, int mtu) {
        locks.withNetwork(
                id,
                () -> store.write(state -> {
                    state.network(id)
                            .filter(current -> current.adopted().equals(Optional.of(before)))
                            .ifPresent(current -> state.put(current.adopting(before.withMtu(mtu))));
                    return id;
                }));
    }

    /** One line for each network whose bridge is not there, down, or without an address that it had. */
    public List<String> missing() {
        return adopting().stream().flatMap(network -> trouble(network).stream()).toList();
    }

    private static boolean staysReached(NetworkSpec spec, IpAddress address) {
        return spec.exterior().mode(address.family()) != GatewayMode.ISOLATED
                && spec.subnets().stream().anyMatch(subnet -> subnet.prefix().contains(address));
    }

    /** What keeps a network from using its bridge; empty when nothing does. */
    public Optional<String> trouble(Network network) {
        try {
            Optional<Adoption> examined = examine(network);
            if (examined.isEmpty()) {
                return Optional.of(missing(network));
            }
            Adoption found = examined.get();
            if (found.raised()) {
                return Optional.of(down(network));
            }
            List<IpPrefix> given = network.adopted().orElse(Adoption.NONE).addresses();
            return found.addresses().stream()
                    .filter(address -> !given.contains(address))
                    .findFirst()
                    .map(address -> "bridge " + network.bridge() + " of network " + network.displayName()
                            + " has lost its address " + address + ": ip address add " + address
                            + " dev " + network.bridge());
        } catch (EngineException e) {
            if (e.code() != ErrorCode.CONFLICT) {
                throw e;
            }
            return Optional.of("network " + network.displayName() + " has no bridge: " + e.getMessage());
        }
    }

    private List<Network> adopting() {
        return store.read(state -> state.networks()).stream()
                .filter(network -> network.state() == NetworkState.READY)
                .filter(network -> network.adopted().isPresent())
                .toList();
    }

    private static String down(Network network) {
        return "bridge " + network.bridge() + " of network " + network.displayName() + " is down: ip link set "
                + network.bridge() + " up";
    }

    private static String missing(Network network) {
        return "bridge " + network.bridge() + " of network " + network.displayName()
                + " is missing: jnet did not make it, make it again and jnet uses it at once";
    }
}
