package io.jnet.engine;

import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.forwarding.Forwarding;
import io.jnet.engine.forwarding.LoopbackRouting;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.link.ContainerSide;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.operation.EndpointOperations;
import io.jnet.engine.operation.NetworkOperations;
import io.jnet.engine.operation.Parts;
import io.jnet.engine.operation.PortAmendments;
import io.jnet.engine.operation.PortOperations;
import io.jnet.engine.operation.WholeEndpoints;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.PortSelection;
import io.jnet.engine.publish.PublishedPorts;
import io.jnet.engine.publish.Visitors;
import io.jnet.engine.rebuild.AdoptionOfLostState;
import io.jnet.engine.rebuild.Completeness;
import io.jnet.engine.rebuild.Rebuilt;
import io.jnet.engine.rebuild.Standstill;
import io.jnet.engine.rebuild.StateNamespace;
import io.jnet.engine.rebuild.Unrecorded;
import io.jnet.engine.rebuild.UnrecordedObjects;
import io.jnet.engine.resolve.Directory;
import io.jnet.engine.resolve.NameService;
import io.jnet.engine.resolve.Resolvers;
import io.jnet.engine.resolve.StoredDirectory;
import io.jnet.engine.store.AddressDraw;
import io.jnet.engine.store.StateChange;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.surroundings.BridgeAdoptions;
import io.jnet.engine.surroundings.HostConnection;
import io.jnet.engine.surroundings.HostPreparation;
import io.jnet.engine.surroundings.OtherFirewalls;
import io.jnet.engine.traffic.PortTraffic;
import io.jnet.engine.upkeep.EndedHolders;
import io.jnet.engine.upkeep.EndpointUpkeep;
import io.jnet.engine.upkeep.HostWatch;
import io.jnet.engine.upkeep.LinkUpkeep;
import io.jnet.engine.upkeep.MarkUpkeep;
import io.jnet.engine.upkeep.PortReclaim;
import io.jnet.engine.upkeep.Recovery;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Mends;
import io.jnet.engine.work.Notes;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The engine on a durable store. What it keeps in memory it can lose: sockets that reserve ports, what was mended how often, its last look
 * at the host.
 *
 * <p>It begins its work at once, or, where the kernel has things of jnet that the store knows nothing of, when those have gone: until then
 * it answers questions, and refuses every change.
 */
public final class StoredEngine implements Engine {
    private final StateStore store;
    private final PublishedPorts ports;
    private final BridgeAdoptions adoptions;
    private final HostPreparation preparation;
    private final NetworkOperations networkOperations;
    private final EndpointOperations endpointOperations;
    private final WholeEndpoints wholeEndpoints;
    private final EndpointUpkeep upkeep;
    private final EndedHolders holders;
    private final PortOperations portOperations;
    private final PortAmendments amendments;
    private final Locks locks = new Locks();
    private final HostConnection host;
    private final Desired desired;
    private final Recovery recovery;
    private final Standstill standstill;
    private final Records records;
    private final CountedTraffic traffic;
    private final MarkUpkeep marks;
    private final Supplier<HostWatch> startWatch;
    private final Mends mends;
    private final LinkUpkeep linkUpkeep;
    private final OtherFirewalls firewalls;
    private final Resolvers resolvers;
    private final Notes notes = new Notes();
    private final Instant started = Instant.now();
    /** What works beside the requests; empty before the engine has begun. */
    private volatile Optional<PortReclaim> reclaim = Optional.empty();

    private volatile Optional<HostWatch> watch = Optional.empty();

    private StoredEngine(
            StateStore store, HostConnection host, PublishPolicy ceiling, Function<Directory, NameService> names) {
        this.store = store;
        this.host = host;
        records = new Records(store);
        traffic = new CountedTraffic(records, host.counters());
        StateNamespace.requireOwn(store, host.namespace(), host.namespaces());
        Naming naming = new Naming(store.read(state -> state.identity()).instance());
        ports = new PublishedPorts(host.ports(), new Visitors(store, ceiling));
        List<Forwarding> forwardings = List.of(
                Forwarding.ipv4(store, host.settings(), host.links()),
                Forwarding.ipv6(store, host.settings(), host.links()));
        resolvers = new Resolvers(store, host.firewall(), names.apply(new StoredDirectory(store)));
        desired = new Desired(
                store, naming, host.links(), forwardings, ceiling, host.zones()::passages, resolvers::moved);
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
                firewalls,
                resolvers);
        mends = new Mends(host.clock());
        portOperations = new PortOperations(parts);
        amendments = new PortAmendments(parts, portOperations);
        endpointOperations = new EndpointOperations(parts, portOperations);
        wholeEndpoints = new WholeEndpoints(parts, endpointOperations, portOperations);
        upkeep = new EndpointUpkeep(parts, endpointOperations, mends, host.sandboxes(), notes);
        holders = new EndedHolders(upkeep);
        networkOperations = new NetworkOperations(parts, endpointOperations);
        linkUpkeep = new LinkUpkeep(parts, mends);
        recovery =
                new Recovery(parts, host.rulesets(), networkOperations, endpointOperations, upkeep, linkUpkeep, notes);
        startWatch = () -> new HostWatch(parts, mends, networkOperations, upkeep, linkUpkeep, host.changes());
        marks = new MarkUpkeep(store, naming, host.markedLinks());
        UnrecordedObjects unrecordedObjects = new UnrecordedObjects(
                store, naming, host.markedLinks(), host.rulesets(), host.admission(), host.settings());
        standstill = new Standstill(
                store,
                locks,
                unrecordedObjects,
                new AdoptionOfLostState(store, naming, host, unrecordedObjects, ceiling),
                this::begin);
        standstill.beginIfAllIsRecorded();
    }

    private void begin() {
        recovery.run(host.namespace());
        marks.follow();
        watch = Optional.of(startWatch.get());
        lookAgainWhereHalfDone();
        reclaim = Optional.of(PortReclaim.start(portOperations::reclaim));
    }

    @Override
    public Optional<String> standstill() {
        return standstill.reason();
    }

    @Override
    public List<Unrecorded> clean(String instance) {
        return locks.withHost(() -> standstill.clean(instance));
    }

    @Override
    public Rebuilt adoptLostState(Optional<String> instance, Completeness completeness) {
        return locks.withHost(() -> standstill.adopt(instance, completeness));
    }

    /**
     * Has a module that keeps records of its own about endpoints make them as well when a lost state's endpoints are adopted.
     *
     * @param listener is given the transaction, and all endpoints of the state
     */
    public void onAdoption(BiConsumer<StateChange, List<Endpoint>> listener) {
        standstill.onAdoption(listener);
    }

    /**
     * Tells a module that keeps something for endpoints of those that have gone, with or without a word of their runtime.
     *
     * @param listener is called after each
     */
    public void onRemovedEndpoint(Runnable listener) {
        endpointOperations.onRemoval(listener);
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
                settings.publish(),
                settings.names());
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
        return open(opener, host, EngineSettings.DEFAULT.publish(), EngineSettings.DEFAULT.names());
    }

    /**
     * @param ceiling whom the host's owner lets in
     * @param names makes what answers names
     */
    static StoredEngine open(
            Function<String, StateStore> opener,
            HostConnection host,
            PublishPolicy ceiling,
            Function<Directory, NameService> names) {
        try {
            StateStore store = opener.apply(host.namespace());
            try {
                return new StoredEngine(store, host, ceiling, names);
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
        return change(() -> networkOperations.create(spec));
    }

    @Override
    public void deleteNetwork(NetworkId id) {
        change(() -> networkOperations.delete(id));
    }

    @Override
    public Endpoint createEndpoint(EndpointSpec spec) {
        return change(() -> holders.makeWay(() -> endpointOperations.create(spec)));
    }

    @Override
    public Attachment join(NetworkId network, EndpointId id, String sandbox) {
        return change(() -> endpointOperations.join(network, id, sandbox));
    }

    @Override
    public Endpoint attach(
            EndpointSpec spec,
            AddressDraw draw,
            String sandbox,
            Function<? super List<IpPrefix>, ContainerSide> side,
            List<PortRequest> ports) {
        return change(() -> holders.makeWay(() -> wholeEndpoints.attach(spec, draw, sandbox, side, ports)));
    }

    @Override
    public Endpoint adopt(EndpointSpec spec, InterfaceName link, String sandbox, List<PortRequest> ports) {
        return change(() -> holders.makeWay(() -> wholeEndpoints.adopt(spec, link, sandbox, ports)));
    }

    @Override
    public void leave(NetworkId network, EndpointId id) {
        change(() -> endpointOperations.leave(network, id));
    }

    @Override
    public void deleteEndpoint(NetworkId network, EndpointId id) {
        change(() -> endpointOperations.delete(network, id));
    }

    @Override
    public void deleteUnusedEndpoint(NetworkId network, EndpointId id) {
        change(() -> endpointOperations.deleteUnused(network, id));
    }

    @Override
    public List<PortBinding> publish(NetworkId network, EndpointId id, List<PortRequest> requests) {
        List<PortBinding> bindings = change(() -> holders.makeWay(() -> portOperations.publish(network, id, requests)));
        marks.followPorts(id);
        return bindings;
    }

    @Override
    public List<PortBinding> publishMore(NetworkId network, EndpointId id, List<PortRequest> requests) {
        List<PortBinding> bindings = change(() -> holders.makeWay(() -> amendments.add(network, id, requests)));
        marks.followPorts(id);
        return bindings;
    }

    @Override
    public List<PortBinding> unpublish(NetworkId network, EndpointId id, List<PortSelection> ports) {
        List<PortBinding> bindings = change(() -> amendments.remove(network, id, ports));
        marks.followPorts(id);
        return bindings;
    }

    @Override
    public void runtimeStarted() {
        endpointOperations.runtimeStarted();
    }

    /**
     * Makes a change, unless the engine stands still; what is left half done when it fails is ended soon, though the kernel tells of no
     * change.
     */
    private <T> T change(Supplier<T> work) {
        standstill.requireNone();
        try {
            return work.get();
        } catch (RuntimeException e) {
            Teardown after = new Teardown();
            after.step(this::lookAgainWhereHalfDone);
            throw after.becauseOf(e);
        }
    }

    private void change(Runnable work) {
        change(() -> {
            work.run();
            return true;
        });
    }

    private void lookAgainWhereHalfDone() {
        watch.filter(any -> records.areHalfDone()).ifPresent(HostWatch::lookAgain);
    }

    @Override
    public void unpublish(NetworkId network, EndpointId id) {
        change(() -> portOperations.unpublish(network, id));
    }

    @Override
    public List<Network> networks() {
        return records.networks();
    }

    @Override
    public Network network(String reference) {
        return records.network(reference);
    }

    @Override
    public List<Endpoint> endpoints() {
        return records.endpoints();
    }

    @Override
    public Endpoint endpoint(String reference) {
        return records.endpoint(reference);
    }

    @Override
    public Optional<Endpoint> findEndpoint(EndpointId id) {
        return records.find(id);
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
    public List<IpAddress> nameServers(Network network) {
        return resolvers.nameServers(network);
    }

    @Override
    public PublishPolicy publishPolicy(Network network) {
        return desired.policy(network);
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
                        .map(setting -> new Status.HostChange(
                                ChangedSetting.sysctl(setting.key()), setting.before(), setting.now()))
                        .toList(),
                standstill.unrecorded(),
                mends.counts(),
                Stream.of(
                                notes.lines(),
                                adoptions.missing(),
                                firewalls.notes(),
                                resolvers.notes(),
                                linkUpkeep.unmendable(),
                                // Not while it is being opened.
                                locks.withHost(preparation::switchedOff),
                                mends.notes())
                        .flatMap(List::stream)
                        .toList());
    }

    @Override
    public List<String> troubles() {
        return Stream.of(standstill.reason(), store.trouble(), watch.flatMap(HostWatch::missingRuleset))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Map<String, Integer> mended() {
        return mends.allCounts();
    }

    @Override
    public Map<NetworkId, LinkStatistics> networkTraffic() {
        return traffic.ofNetworks();
    }

    @Override
    public List<PortTraffic> portTraffic() {
        return traffic.ofPorts();
    }

    @Override
    public Optional<Map<Publication, Long>> openBytes() {
        return traffic.openBytes();
    }

    @Override
    public void close() {
        watch.ifPresent(HostWatch::close);
        reclaim.ifPresent(PortReclaim::close);
        resolvers.close();
        ports.close();
        store.close();
        host.close();
    }
}
