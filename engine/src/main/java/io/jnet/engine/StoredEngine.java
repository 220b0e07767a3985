package io.jnet.engine;

import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.forwarding.Forwarding;
import io.jnet.engine.forwarding.LoopbackRouting;
import io.jnet.engine.link.ContainerSide;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortClash;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.store.StateChange;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine on a durable store: no operation keeps anything in memory but the sockets that reserve ports.
 *
 * <p>It begins its work at once, or, where the kernel has things of jnet that the store knows nothing of, when those have gone: until then
 * it answers questions, and refuses every change.
 */
public final class StoredEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(StoredEngine.class);
    private static final int SHORTEST_PREFIX = 1;
    private static final Set<ErrorCode> TAKEN = Set.of(ErrorCode.CONFLICT, ErrorCode.EXHAUSTED);

    private final StateStore store;
    private final PublishedPorts ports;
    private final BridgeAdoptions adoptions;
    private final HostPreparation preparation;
    private final NetworkOperations networkOperations;
    private final EndpointOperations endpointOperations;
    private final WholeEndpoints wholeEndpoints;
    private final EndpointUpkeep upkeep;
    private final PortOperations portOperations;
    private final Locks locks = new Locks();
    private final HostConnection host;
    private final PublishPolicy ceiling;
    private final Recovery recovery;
    private final UnrecordedObjects unrecordedObjects;
    private final AdoptionOfLostState adoption;
    private final MarkUpkeep marks;
    private final Supplier<HostWatch> startWatch;
    private final Mends mends;
    private final LinkUpkeep linkUpkeep;
    private final OtherFirewalls firewalls;
    private final Notes notes = new Notes();
    private final Instant started = Instant.now();
    private volatile List<Unrecorded> unrecorded = List.of();
    private volatile BiConsumer<StateChange, List<Endpoint>> adoptionListener = (state, endpoints) -> {};
    /** What works beside the requests; empty before the engine has begun. */
    private volatile Optional<PortReclaim> reclaim = Optional.empty();

    private volatile Optional<HostWatch> watch = Optional.empty();

    private StoredEngine(StateStore store, HostConnection host, PublishPolicy ceiling) {
        this.store = store;
        this.host = host;
        this.ceiling = ceiling;
        StateNamespace.requireOwn(store, host.namespace(), host.namespaces());
        Naming naming = new Naming(store.read(state -> state.identity()).instance());
        ports = new PublishedPorts(host.ports(), new Visitors(store, ceiling));
        List<Forwarding> forwardings = List.of(
                Forwarding.ipv4(store, host.settings(), host.links()),
                Forwarding.ipv6(store, host.settings(), host.links()));
        Desired desired = new Desired(store, naming, host.links(), forwardings, ceiling, host.zones()::passages);
        firewalls = new OtherFirewalls(store, host, ceiling);
        adoptions = new BridgeAdoptions(
                store, locks, host.firewall(), desired, host.adoptedBridges(), host.links(), host.ownLinks());
        preparation = new HostPreparation(store, desired, host.firewall(), forwardings);
        Parts parts = new Parts(
                store,
                naming,
                locks,
                host.links(),
                host.ownLinks(),
                host.shaper(),
                host.portVlans(),
                host.firewall(),
                host.admission(),
                preparation,
                new LoopbackRouting(store, host.settings()),
                ports,
                host.flows(),
                adoptions,
                desired,
                firewalls);
        mends = new Mends(host.clock());
        portOperations = new PortOperations(parts);
        endpointOperations = new EndpointOperations(parts, portOperations);
        wholeEndpoints = new WholeEndpoints(parts, endpointOperations, portOperations);
        upkeep = new EndpointUpkeep(parts, endpointOperations, mends, host.sandboxes(), notes);
        networkOperations = new NetworkOperations(parts, endpointOperations);
        linkUpkeep = new LinkUpkeep(parts, mends);
        recovery = new Recovery(parts, networkOperations, endpointOperations, upkeep, linkUpkeep, notes);
        startWatch = () -> new HostWatch(parts, mends, upkeep, linkUpkeep, host.changes());
        unrecordedObjects = new UnrecordedObjects(
                store, naming, host.markedLinks(), host.rulesets(), host.admission(), host.settings());
        adoption = new AdoptionOfLostState(store, naming, host, unrecordedObjects, ceiling);
        marks = new MarkUpkeep(store, naming, host.markedLinks());
        beginIfAllIsRecorded();
    }

    private void beginIfAllIsRecorded() {
        List<Unrecorded> found = unrecordedObjects.find();
        if (found.isEmpty()) {
            recovery.run(host.namespace());
            marks.follow();
            reclaim = Optional.of(PortReclaim.start(portOperations::reclaim));
            watch = Optional.of(startWatch.get());
        } else {
            found.forEach(
                    object -> LOG.warn("not in the state: {} of instance {}", object.object(), object.instance()));
            LOG.error(refusal(found));
        }
        // Last: it lets requests through.
        unrecorded = found;
    }

    private String refusal(List<Unrecorded> found) {
        return "the state in %s is not the one of what is here: %s of jnet %s not in it, such as %s; nothing is changed before that is settled: start jnet with the right state, or see jnet status, jnet adopt and jnet clean"
                .formatted(
                        store.directory(),
                        found.size() == 1 ? "1 object" : found.size() + " objects",
                        found.size() == 1 ? "is" : "are",
                        found.get(0).object());
    }

    @Override
    public Optional<String> standstill() {
        List<Unrecorded> found = unrecorded;
        return found.isEmpty() ? Optional.empty() : Optional.of(refusal(found));
    }

    private void requireBegun() {
        standstill().ifPresent(refusal -> {
            throw EngineException.conflict(refusal);
        });
    }

    @Override
    public List<Unrecorded> clean(String instance) {
        return locks.withHost(() -> {
            List<Unrecorded> before = unrecorded;
            unrecordedObjects.remove(instance);
            beginIfAllIsRecorded();
            return before.stream()
                    .filter(object -> object.instance().equals(instance))
                    .toList();
        });
    }

    @Override
    public Rebuilt adoptLostState(Optional<String> instance, Completeness completeness) {
        return locks.withHost(() -> {
            if (unrecorded.isEmpty()) {
                throw EngineException.notFound(
                        "nothing to adopt: the state in " + store.directory() + " knows all that is here of jnet");
            }
            Rebuilt rebuilt = adoption.run(instance, completeness, adoptionListener);
            rebuilt.rebuilt().forEach(object -> LOG.info("adopted {}", object));
            rebuilt.unknown().forEach(LOG::warn);
            beginIfAllIsRecorded();
            return rebuilt;
        });
    }

    /**
     * Has a module that keeps records of its own about endpoints make them as well when a lost state's endpoints are adopted.
     *
     * @param listener is given the transaction, and all endpoints of the state
     */
    public void onAdoption(BiConsumer<StateChange, List<Endpoint>> listener) {
        adoptionListener = listener;
    }

    /**
     * Opens the state in a folder, made when missing, on the host of this process, and brings the kernel in line with it: after this the
     * networks and ports of the store exist.
     *
     * @throws EngineException when the state or the kernel cannot be used: one line that says why; nothing is changed then
     */
    public static StoredEngine open(Path stateDirectory) {
        return open(stateDirectory, EngineSettings.DEFAULT);
    }

    /** The same with what the host's owner says. */
    public static StoredEngine open(Path stateDirectory, EngineSettings settings) {
        return open(
                namespace -> StateStore.open(stateDirectory, namespace),
                KernelHost.connect(settings),
                settings.publish());
    }

    /** The same on any host; closes {@code host} when it fails, and with the engine. */
    static StoredEngine open(Path stateDirectory, HostConnection host) {
        return open(namespace -> StateStore.open(stateDirectory, namespace), host);
    }

    /**
     * The same in any store.
     *
     * @param opener opens the store for a network namespace
     */
    static StoredEngine open(Function<String, StateStore> opener, HostConnection host) {
        return open(opener, host, PublishPolicy.OPEN);
    }

    /** @param ceiling whom the host's owner lets in */
    static StoredEngine open(Function<String, StateStore> opener, HostConnection host, PublishPolicy ceiling) {
        try {
            StateStore store = opener.apply(host.namespace());
            try {
                return new StoredEngine(store, host, ceiling);
            } catch (RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /** The engine's store, for modules that keep their own records in the same file; closed with the engine. */
    public StateStore store() {
        return store;
    }

    @Override
    public Network createNetwork(NetworkSpec spec) {
        requireBegun();
        return networkOperations.create(spec);
    }

    @Override
    public void deleteNetwork(NetworkId id) {
        requireBegun();
        networkOperations.delete(id);
    }

    @Override
    public Endpoint createEndpoint(EndpointSpec spec) {
        requireBegun();
        return endpointOperations.create(spec);
    }

    @Override
    public Attachment join(NetworkId network, EndpointId id, String sandbox) {
        requireBegun();
        return endpointOperations.join(network, id, sandbox);
    }

    @Override
    public Endpoint attach(EndpointSpec spec, String sandbox, ContainerSide side, List<PortRequest> ports) {
        requireBegun();
        return withVanishedRemoved(() -> wholeEndpoints.attach(spec, sandbox, side, ports));
    }

    @Override
    public Endpoint adopt(EndpointSpec spec, InterfaceName link, String sandbox, List<PortRequest> ports) {
        requireBegun();
        return withVanishedRemoved(() -> wholeEndpoints.adopt(spec, link, sandbox, ports));
    }

    @Override
    public void leave(NetworkId network, EndpointId id) {
        requireBegun();
        endpointOperations.leave(network, id);
    }

    @Override
    public void deleteEndpoint(NetworkId network, EndpointId id) {
        requireBegun();
        endpointOperations.delete(network, id);
    }

    @Override
    public void deleteUnusedEndpoint(NetworkId network, EndpointId id) {
        requireBegun();
        endpointOperations.deleteUnused(network, id);
    }

    @Override
    public List<PortBinding> publish(NetworkId network, EndpointId id, List<PortRequest> requests) {
        requireBegun();
        List<PortBinding> bindings = withVanishedRemoved(() -> portOperations.publish(network, id, requests));
        marks.followPorts(id);
        return bindings;
    }

    /** Where something is taken, an endpoint may have it whose container has gone. */
    private <T> T withVanishedRemoved(Supplier<T> work) {
        try {
            return work.get();
        } catch (EngineException e) {
            if (TAKEN.contains(e.code()) && upkeep.removeVanished()) {
                return work.get();
            }
            throw e;
        }
    }

    @Override
    public void unpublish(NetworkId network, EndpointId id) {
        requireBegun();
        portOperations.unpublish(network, id);
    }

    @Override
    public List<Network> networks() {
        return store.read(state -> state.networks()).stream()
                .sorted(Comparator.comparing(Network::displayName))
                .toList();
    }

    @Override
    public Network network(String reference) {
        List<Network> all = networks();
        return all.stream()
                .filter(network ->
                        network.spec().name().filter(reference::equals).isPresent())
                .findFirst()
                .orElseGet(() -> unique(
                        "network", reference, all, network -> network.id().value()));
    }

    @Override
    public List<Endpoint> endpoints() {
        return store.read(state -> state.endpoints()).stream()
                .sorted(Comparator.comparing(
                                (Endpoint endpoint) -> endpoint.spec().network())
                        .thenComparing(Endpoint::id))
                .toList();
    }

    @Override
    public Endpoint endpoint(String reference) {
        return unique(
                "endpoint", reference, endpoints(), endpoint -> endpoint.id().value());
    }

    @Override
    public Optional<Endpoint> findEndpoint(EndpointId id) {
        return store.read(state -> state.endpoint(id));
    }

    @Override
    public Optional<String> difference(NetworkId network, EndpointId id) {
        return upkeep.difference(network, id);
    }

    @Override
    public Optional<String> networkDifference(NetworkId network) {
        return networkOperations.difference(network).or(() -> watch.flatMap(HostWatch::missingRuleset));
    }

    @Override
    public Optional<String> publishedPast(Endpoint endpoint, PortBinding binding) {
        return firewalls.past(endpoint, binding);
    }

    @Override
    public PublishPolicy publishPolicy(Network network) {
        return ceiling.and(network.spec().exterior().publish());
    }

    @Override
    public List<PortClash> clashes() {
        return ports.clashes();
    }

    @Override
    public Status status() {
        List<Endpoint> endpoints = endpoints();
        return new Status(
                store.read(state -> state.identity()).instance(),
                store.directory(),
                started,
                networks().size(),
                endpoints.size(),
                endpoints.stream()
                        .flatMap(endpoint -> endpoint.ports().stream())
                        .mapToInt(binding -> binding.hostPorts().size())
                        .sum(),
                ports.clashes().size(),
                store.read(state -> state.changedSettings()).stream()
                        .filter(setting -> !setting.onlyKept())
                        .map(setting ->
                                new Status.HostChange(setting.key().replace('/', '.'), setting.before(), setting.now()))
                        .toList(),
                unrecorded,
                mends.counts(),
                Stream.of(
                                notes.lines(),
                                adoptions.missing(),
                                firewalls.notes(),
                                linkUpkeep.unmendable(),
                                // Not while it is being opened.
                                locks.withHost(preparation::switchedOff),
                                mends.notes())
                        .flatMap(List::stream)
                        .toList());
    }

    @Override
    public void close() {
        watch.ifPresent(HostWatch::close);
        reclaim.ifPresent(PortReclaim::close);
        ports.close();
        store.close();
        host.close();
    }

    private static <T> T unique(String kind, String reference, List<T> all, Function<T, String> id) {
        List<T> matches = all.stream()
                .filter(one ->
                        reference.length() >= SHORTEST_PREFIX && id.apply(one).startsWith(reference))
                .toList();
        if (matches.size() > 1) {
            return matches.stream()
                    .filter(one -> id.apply(one).equals(reference))
                    .findFirst()
                    .orElseThrow(() -> EngineException.conflict(kind + " \"" + Printable.of(reference)
                            + "\" is ambiguous: " + matches.size() + " ids begin with it"));
        }
        return matches.stream()
                .findFirst()
                .orElseThrow(() -> EngineException.notFound("no " + kind + " \"" + Printable.of(reference) + "\""));
    }
}
