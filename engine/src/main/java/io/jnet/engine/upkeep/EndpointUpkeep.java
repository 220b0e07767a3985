package io.jnet.engine.upkeep;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.host.Sandboxes;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.OwnLinks;
import io.jnet.engine.link.PortVlans;
import io.jnet.engine.link.Shaper;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.operation.EndpointOperations;
import io.jnet.engine.operation.Parts;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Mends;
import io.jnet.engine.work.Notes;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.link.InterfaceName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What becomes of joined endpoints by other hands: what differs, what is mended, and what is removed because its container has gone. */
public final class EndpointUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointUpkeep.class);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final Set<EndpointState> HAVING_LINKS = Set.of(EndpointState.JOINED, EndpointState.DELETING);

    private final StateStore store;
    private final Locks locks;
    private final LinkLayer links;
    private final Shaper shaper;
    private final PortVlans portVlans;
    private final Desired desired;
    private final EndpointOperations endpoints;
    private final Mends mends;
    private final OwnLinks ownLinks;
    private final Sandboxes sandboxes;
    private final Notes notes;
    private final AtomicLong removed = new AtomicLong();

    public EndpointUpkeep(Parts parts, EndpointOperations endpoints, Mends mends, Sandboxes sandboxes, Notes notes) {
        this.store = parts.store();
        this.locks = parts.locks();
        this.links = parts.links();
        this.shaper = parts.shaper();
        this.portVlans = parts.portVlans();
        this.desired = parts.desired();
        this.endpoints = endpoints;
        this.mends = mends;
        this.ownLinks = parts.ownLinks();
        this.sandboxes = sandboxes;
        this.notes = notes;
    }

    /** What is no more as it was when an endpoint joined; see {@code Engine.difference}. */
    public Optional<String> difference(NetworkId networkId, EndpointId id) {
        return locks.withEndpoint(networkId, id, () -> {
            Endpoint endpoint = store.read(state -> EndpointOperations.endpointOf(state, networkId, id));
            Network network = endpoints.networkOf(endpoint);
            return portVlans
                    .difference(desired.bridge(network), desired.veth(network, endpoint))
                    .or(() -> desired.shaping(network, endpoint).flatMap(shaper::difference));
        });
    }

    /** Puts a joined endpoint's port into its VLANs again, where somebody else has taken it out. */
    void mendVlans(Endpoint endpoint) {
        if (endpoint.state() == EndpointState.JOINED) {
            portVlans.mend(desired.veth(endpoints.networkOf(endpoint), endpoint));
        }
    }

    /** Has a joined endpoint's packets delayed as they should be, where somebody else has changed that. */
    void mendShaping(Endpoint endpoint) {
        if (endpoint.state() == EndpointState.JOINED) {
            desired.shaping(endpoints.networkOf(endpoint), endpoint).ifPresent(shaper::shape);
        }
    }

    /** Mends the shaping of joined endpoints whose ifb link has gone, without which nothing that their containers send passes. */
    void mendShaping() {
        List<Endpoint> shaped = store.read(state -> state.endpoints()).stream()
                .filter(endpoint -> endpoint.state() == EndpointState.JOINED
                        && endpoint.shaper().isPresent())
                .toList();
        if (shaped.isEmpty()) {
            return;
        }
        Set<InterfaceName> live = links.live();
        Teardown steps = new Teardown();
        shaped.stream()
                .filter(endpoint -> !live.contains(endpoint.shaper().orElseThrow()))
                .forEach(endpoint -> steps.step(() -> mendSeenShaping(endpoint)));
        steps.finish();
    }

    private void mendSeenShaping(Endpoint seen) {
        NetworkId network = seen.spec().network();
        String shaper = seen.shaper().orElseThrow().value();
        mends.mend(
                Mends.Kind.SHAPING.of(shaper),
                "was removed",
                Optional.empty(),
                () -> locks.withEndpoint(network, seen.id(), () -> {
                    Optional<Endpoint> shaped =
                            endpoints.find(network, seen.id()).filter(endpoint -> !endpoints.isVanished(endpoint));
                    shaped.ifPresent(this::mendShaping);
                    return shaped.isPresent();
                }));
    }

    /**
     * Removes endpoints whose links went with their container's namespace, or came back from it. A Docker engine that was killed does not tell a driver which of
     * its containers are gone, and their ports and addresses are wanted again. And those whose removal has failed.
     *
     * @return whether there were any
     */
    boolean removeVanished() {
        List<Endpoint> joined = store.read(state -> state.endpoints()).stream()
                .filter(endpoint -> HAVING_LINKS.contains(endpoint.state()))
                .toList();
        // After the store: a link that the store knows of as made is among the live ones, unless it went since.
        Set<InterfaceName> live = links.live();
        List<Endpoint> vanished = joined.stream()
                .filter(endpoint -> EndpointOperations.isVanished(endpoint, live))
                .toList();
        // One that cannot be removed does not keep the others.
        Teardown steps = new Teardown();
        vanished.forEach(endpoint -> steps.step(() -> removeVanished(endpoint)));
        steps.finish();
        return !vanished.isEmpty();
    }

    /**
     * Removes vanished and abandoned endpoints; what cannot be removed is told by the log.
     *
     * @return whether there were any
     */
    public boolean removeGone() {
        boolean vanished;
        try {
            vanished = removeVanished();
        } catch (RuntimeException e) {
            LOG.error("cannot remove an endpoint whose container has gone: {}", e.toString());
            vanished = true;
        }
        List<Endpoint> abandoned = store.read(state -> state.endpoints()).stream()
                .filter(endpoints::isAbandoned)
                .toList();
        for (Endpoint endpoint : abandoned) {
            try {
                endpoints.removeAbandoned(endpoint);
            } catch (RuntimeException e) {
                LOG.error("cannot remove an endpoint whose container was never started: {}", e.toString());
            }
        }
        return vanished || !abandoned.isEmpty();
    }

    /**
     * Waits for the end of an endpoint whose container's namespace is no more to be found, and whose link the kernel has yet to remove: it does
     * so some time after the last process of the namespace has ended.
     *
     * @param longest so long
     * @param latest and not after this {@link System#nanoTime}
     * @return whether one has gone, whoever removed it
     */
    public boolean awaitEnd(Duration longest, long latest) {
        List<Endpoint> going = going();
        long end = System.nanoTime() + longest.toNanos();
        while (!going.isEmpty() && end - System.nanoTime() > 0 && latest - System.nanoTime() > 0) {
            LockSupport.parkNanos(GLANCE.toNanos());
            Set<InterfaceName> live = links.live();
            if (going.stream().anyMatch(endpoint -> EndpointOperations.isVanished(endpoint, live))) {
                removeGone();
            }
            if (going.stream().anyMatch(this::hasLeft)) {
                return true;
            }
            going = going.stream().filter(endpoints::isGoing).toList();
        }
        return false;
    }

    /** Its ports go when it leaves, its addresses with its record. */
    private boolean hasLeft(Endpoint seen) {
        return store.read(state -> state.endpoint(seen.id()))
                .filter(endpoint -> endpoint.state() == EndpointState.JOINED)
                .isEmpty();
    }

    /** Before Docker 28 one that is being started has no namespace to be found either; its interface is still here, for the runtime to move. */
    private List<Endpoint> going() {
        List<Endpoint> gone = store.read(state -> state.endpoints()).stream()
                .filter(endpoints::isGoing)
                .toList();
        if (gone.isEmpty()) {
            return gone;
        }
        Set<InterfaceName> live = links.live();
        return gone.stream()
                .filter(endpoint -> !live.contains(endpoint.peerLink()))
                .toList();
    }

    /** How many were removed so far, by whoever noticed first. */
    public long removed() {
        return removed.get();
    }

    private void removeVanished(Endpoint seen) {
        NetworkId network = seen.spec().network();
        locks.runWithEndpoint(network, seen.id(), () -> {
            endpoints.find(network, seen.id()).filter(endpoints::isVanished).ifPresent(endpoint -> {
                tell(endpoint);
                endpoints.remove(endpoint);
                removed.incrementAndGet();
            });
        });
    }

    private void tell(Endpoint endpoint) {
        if (isCutOff(endpoint)) {
            String note = "somebody has removed link " + endpoint.hostLink() + " of a container of network "
                    + endpoints.networkOf(endpoint).displayName()
                    + endpoint.spec().addresses().stream()
                            .map(address -> " with " + address.address())
                            .findFirst()
                            .orElse("")
                    + ", and the container's own end went with it: only starting the container again connects it";
            LOG.error(note);
            notes.addEvent(note);
            return;
        }
        // What is left is removed again and again, where that fails.
        LOG.atLevel(endpoint.state() == EndpointState.DELETING ? Level.DEBUG : Level.INFO)
                .addKeyValue("network", endpoint.spec().network())
                .addKeyValue("endpoint", endpoint.id())
                .log(
                        endpoint.state() == EndpointState.DELETING
                                ? "removing what is left of an endpoint"
                                : "removing an endpoint whose container is gone");
    }

    /** Without its link, in a namespace that is still there. Links go with their namespace, and runtimes take them out alive. */
    private boolean isCutOff(Endpoint endpoint) {
        return endpoint.state() == EndpointState.JOINED
                && !endpoint.isOnForeignLink()
                && !ownLinks.isThere(endpoint.hostLink())
                && endpoint.sandbox().filter(sandboxes::isThere).isPresent();
    }
}
