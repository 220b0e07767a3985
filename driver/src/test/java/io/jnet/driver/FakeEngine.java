package io.jnet.driver;

import io.jnet.engine.Engine;
import io.jnet.engine.Status;
import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.endpoint.PortAccess;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.link.ContainerSide;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.port.OpenPort;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.PortSelection;
import io.jnet.engine.rebuild.Completeness;
import io.jnet.engine.rebuild.Rebuilt;
import io.jnet.engine.rebuild.Unrecorded;
import io.jnet.engine.store.AddressDraw;
import io.jnet.engine.traffic.PortTraffic;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import io.jnet.netlink.link.MacAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An engine in memory with the obligations of {@link Engine}, without a kernel. Thread-safe by one lock. */
public final class FakeEngine implements Engine {
    private Optional<String> guard = Optional.empty();
    private static final int FIRST_EPHEMERAL = 32768;

    private final Map<NetworkId, Network> networks = new LinkedHashMap<>();
    private final Map<EndpointId, Endpoint> endpoints = new LinkedHashMap<>();
    private final List<PortClash> clashes = new ArrayList<>();
    private final List<Status.HostChange> hostChanges = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private boolean countersReadable = true;
    private Optional<Map<Publication, Long>> openBytes = Optional.empty();
    private Instant started = Instant.EPOCH;

    @Override
    public synchronized Network createNetwork(NetworkSpec spec) {
        Network known = networks.get(spec.id());
        if (known != null) {
            if (!known.spec().equals(spec)) {
                throw EngineException.conflict("network " + spec.id() + " exists with other properties");
            }
            return known;
        }
        InterfaceName bridge = spec.bridge()
                .orElseGet(() -> new InterfaceName("jbr-" + head(spec.id().value(), 11)));
        for (Network other : networks.values()) {
            if (other.bridge().equals(bridge)) {
                throw EngineException.conflict("bridge " + bridge + " belongs to network " + other.displayName());
            }
            if (spec.name().isPresent() && spec.name().equals(other.spec().name())) {
                throw EngineException.conflict("network name " + spec.name().get() + " is taken");
            }
            for (Subnet subnet : spec.subnets()) {
                if (other.spec().subnets().stream().anyMatch(its -> its.prefix().overlaps(subnet.prefix()))) {
                    throw EngineException.conflict(
                            "subnet " + subnet.prefix() + " overlaps network " + other.displayName());
                }
            }
        }
        Network network = new Network(spec, bridge, mac(spec.id().value()), NetworkState.READY);
        networks.put(spec.id(), network);
        return network;
    }

    @Override
    public synchronized void deleteNetwork(NetworkId id) {
        networks.remove(id);
        endpoints.values().removeIf(endpoint -> endpoint.spec().network().equals(id));
    }

    @Override
    public synchronized Endpoint createEndpoint(EndpointSpec spec) {
        if (!networks.containsKey(spec.network())) {
            throw EngineException.notFound("network " + spec.network() + " does not exist");
        }
        Endpoint known = endpoints.get(spec.id());
        if (known != null) {
            if (!known.spec().equals(spec)) {
                throw EngineException.conflict("endpoint " + spec.id() + " exists with other properties");
            }
            return known;
        }
        for (Endpoint other : endpoints.values()) {
            for (IpPrefix address : spec.addresses()) {
                if (other.spec().network().equals(spec.network())
                        && other.spec().addresses().contains(address)) {
                    throw EngineException.conflict("address " + address + " belongs to endpoint " + other.id());
                }
            }
        }
        String digits = head(spec.id().value(), 12);
        Endpoint endpoint = new Endpoint(
                spec,
                new InterfaceName("jv" + digits),
                new InterfaceName("jp" + digits),
                spec.mac().orElseGet(() -> mac(spec.id().value())),
                Optional.empty(),
                List.of(),
                List.of(),
                EndpointState.CREATED);
        endpoints.put(spec.id(), endpoint);
        return endpoint;
    }

    @Override
    public Endpoint attach(
            EndpointSpec spec,
            AddressDraw draw,
            String sandbox,
            Function<? super List<IpPrefix>, ContainerSide> side,
            List<PortRequest> ports) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Endpoint adopt(EndpointSpec spec, InterfaceName link, String sandbox, List<PortRequest> ports) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized Attachment join(NetworkId network, EndpointId id, String sandbox) {
        Endpoint joined = on(network, id).inSandbox(sandbox).in(EndpointState.JOINED);
        endpoints.put(id, joined);
        NetworkSpec spec = networks.get(network).spec();
        boolean internal = spec.flags().contains(NetworkFlag.INTERNAL);
        return new Attachment(
                joined.peerLink(),
                spec.interfacePrefix(),
                internal ? Optional.empty() : gateway(spec, AddressFamily.INET),
                internal ? Optional.empty() : gateway(spec, AddressFamily.INET6),
                spec.exterior().routes(),
                joined.spec().addresses().stream().map(IpPrefix::family).collect(Collectors.toSet()));
    }

    @Override
    public synchronized Optional<Endpoint> findEndpoint(EndpointId id) {
        return Optional.ofNullable(endpoints.get(id));
    }

    @Override
    public synchronized void leave(NetworkId network, EndpointId id) {
        endpoints.computeIfPresent(
                id, (key, known) -> known.publishing(List.of(), List.of()).in(EndpointState.LEFT));
    }

    @Override
    public synchronized void deleteEndpoint(NetworkId network, EndpointId id) {
        endpoints.remove(id);
    }

    @Override
    public synchronized void deleteUnusedEndpoint(NetworkId network, EndpointId id) {
        if (endpoints.containsKey(id) && endpoints.get(id).state() == EndpointState.JOINED) {
            throw EngineException.conflict("endpoint " + id + " is in use");
        }
        endpoints.remove(id);
    }

    @Override
    public synchronized List<PortBinding> publish(NetworkId network, EndpointId id, List<PortRequest> requests) {
        return publish(on(network, id), List.of(), requests);
    }

    @Override
    public synchronized List<PortBinding> publishMore(NetworkId network, EndpointId id, List<PortRequest> requests) {
        Endpoint endpoint = on(network, id);
        return publish(endpoint, endpoint.ports(), requests);
    }

    private List<PortBinding> publish(Endpoint endpoint, List<PortBinding> before, List<PortRequest> requests) {
        List<PortBinding> bindings = new ArrayList<>(before);
        for (PortRequest request : requests) {
            PortRange wanted = request.hostPorts().orElseGet(() -> new PortRange(FIRST_EPHEMERAL, PortRange.MAX_PORT));
            bindings.add(firstFree(endpoint, request, wanted, bindings));
        }
        endpoints.put(endpoint.id(), endpoint.publishing(bindings, List.of()));
        return bindings;
    }

    /** Has ports of an endpoint reached at its own addresses, as on a routed network. */
    public synchronized void open(EndpointId id, List<OpenPort> ports) {
        endpoints.computeIfPresent(id, (key, known) -> known.publishing(known.ports(), ports));
    }

    @Override
    public synchronized List<PortBinding> unpublish(NetworkId network, EndpointId id, List<PortSelection> ports) {
        Endpoint endpoint = on(network, id);
        List<PortBinding> left = endpoint.ports().stream()
                .filter(binding -> ports.stream()
                        .noneMatch(selection -> selection.contains(
                                binding.protocol(),
                                binding.hostAddress(),
                                binding.hostPorts().first(),
                                binding.containerPort())))
                .toList();
        endpoints.put(id, endpoint.publishing(left, endpoint.open()));
        return left;
    }

    @Override
    public synchronized void unpublish(NetworkId network, EndpointId id) {
        endpoints.computeIfPresent(id, (key, known) -> known.publishing(List.of(), List.of()));
    }

    @Override
    public synchronized List<Network> networks() {
        return networks.values().stream()
                .sorted(Comparator.comparing(Network::displayName))
                .toList();
    }

    @Override
    public synchronized Network network(String reference) {
        Optional<Network> named = networks.values().stream()
                .filter(network -> network.spec().name().equals(Optional.of(reference)))
                .findFirst();
        return named.orElseGet(
                () -> find("network", networks.values(), network -> network.id().value(), reference));
    }

    @Override
    public synchronized List<Endpoint> endpoints() {
        return endpoints.values().stream()
                .sorted(Comparator.comparing(
                                (Endpoint endpoint) -> endpoint.spec().network())
                        .thenComparing(Endpoint::id))
                .toList();
    }

    @Override
    public synchronized Endpoint endpoint(String reference) {
        return find("endpoint", endpoints.values(), endpoint -> endpoint.id().value(), reference);
    }

    /** What {@link #clashes()} answers from now on. */
    public synchronized void clash(PortClash clash) {
        clashes.add(clash);
    }

    @Override
    public Optional<String> difference(NetworkId network, EndpointId id) {
        return Optional.empty();
    }

    @Override
    public Optional<String> networkDifference(NetworkId network) {
        return Optional.empty();
    }

    @Override
    public Optional<String> standstill() {
        return Optional.empty();
    }

    @Override
    public List<Unrecorded> clean(String instance) {
        throw EngineException.notFound("nothing of instance " + instance);
    }

    @Override
    public Rebuilt adoptLostState(Optional<String> instance, Completeness completeness) {
        throw EngineException.notFound("nothing to adopt");
    }

    @Override
    public synchronized Optional<String> publishedPast(Endpoint endpoint, PortBinding binding) {
        return guard;
    }

    @Override
    public List<IpAddress> nameServers(Network network) {
        return List.of();
    }

    @Override
    public PublishPolicy publishPolicy(Network network) {
        return network.spec().exterior().publish();
    }

    /** The firewall that all ports go past from now on. */
    public synchronized void guard(String name) {
        guard = Optional.of(name);
    }

    @Override
    public synchronized List<PortClash> clashes() {
        return List.copyOf(clashes);
    }

    @Override
    public synchronized List<String> troubles() {
        return List.copyOf(troubles);
    }

    @Override
    public Map<String, Integer> mended() {
        return Map.of("ruleset", 2);
    }

    @Override
    public synchronized Map<NetworkId, LinkStatistics> networkTraffic() {
        return networks.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), network -> new LinkStatistics(3, 4, 300, 400)));
    }

    @Override
    public synchronized List<PortTraffic> portTraffic() {
        requireCounters();
        List<PortTraffic> ports = new ArrayList<>();
        for (Endpoint endpoint : endpoints.values()) {
            for (PortBinding binding : endpoint.ports()) {
                for (IpAddress host : PortAccess.of(endpoint.spec(), binding).kernel()) {
                    Publication port = new Publication(
                            binding.protocol(),
                            host,
                            binding.hostPorts(),
                            endpoint.spec().address(host.family()).orElseThrow().address(),
                            binding.containerPort());
                    ports.add(new PortTraffic(endpoint.spec().network(), endpoint.id(), port, 7));
                }
            }
        }
        return ports;
    }

    @Override
    public synchronized Optional<Map<Publication, Long>> openBytes() {
        requireCounters();
        return openBytes;
    }

    private void requireCounters() {
        if (!countersReadable) {
            throw new EngineException(ErrorCode.KERNEL, "cannot read counters: no permission");
        }
    }

    /** Has the kernel tell no counters of ports. */
    public synchronized void loseCounters() {
        countersReadable = false;
    }

    /** Has the engine not work as it should. */
    public synchronized void trouble(String reason) {
        troubles.add(reason);
    }

    /** As if the kernel counted these bytes. */
    public synchronized void openBytes(Map<Publication, Long> bytes) {
        openBytes = Optional.of(bytes);
    }

    @Override
    public synchronized Status status() {
        int ports = endpoints.values().stream()
                .flatMap(endpoint -> endpoint.ports().stream())
                .mapToInt(binding -> binding.hostPorts().size())
                .sum();
        return new Status(
                "fake",
                Path.of("/nonexistent"),
                started,
                networks.size(),
                endpoints.size(),
                ports,
                clashes.size(),
                hostChanges,
                List.of(),
                Map.of(),
                List.of());
    }

    @Override
    public void close() {}

    /** When {@link #status()} says that the engine was started. */
    public synchronized void startedAt(Instant time) {
        started = time;
    }

    /** Makes {@link #status()} tell of a changed setting. */
    public synchronized void changeHost(Status.HostChange change) {
        hostChanges.add(change);
    }

    private Endpoint on(NetworkId network, EndpointId id) {
        Endpoint endpoint = endpoints.get(id);
        if (endpoint == null || !endpoint.spec().network().equals(network)) {
            throw EngineException.notFound("endpoint " + id + " does not exist on network " + network);
        }
        return endpoint;
    }

    private PortBinding firstFree(Endpoint asking, PortRequest request, PortRange wanted, List<PortBinding> soFar) {
        for (int port = wanted.first(); port <= wanted.last(); port++) {
            PortBinding candidate = new PortBinding(
                    request.protocol(), request.hostAddress(), PortRange.of(port), request.containerPort());
            boolean taken = soFar.stream().anyMatch(other -> clash(other, candidate))
                    || endpoints.values().stream()
                            .filter(endpoint -> !endpoint.id().equals(asking.id()))
                            .flatMap(endpoint -> endpoint.ports().stream())
                            .anyMatch(other -> clash(other, candidate));
            if (!taken) {
                return candidate;
            }
        }
        throw EngineException.conflict(
                "port " + wanted + "/" + request.protocol().text() + " is taken");
    }

    private static boolean clash(PortBinding one, PortBinding other) {
        return one.protocol() == other.protocol()
                && one.hostPorts().overlaps(other.hostPorts())
                && (one.hostAddress().isEmpty()
                        || other.hostAddress().isEmpty()
                        || one.hostAddress().equals(other.hostAddress()));
    }

    private static Optional<IpAddress> gateway(NetworkSpec spec, AddressFamily family) {
        return spec.subnets().stream()
                .filter(subnet -> subnet.family() == family)
                .flatMap(subnet -> subnet.gateway().stream())
                .map(IpPrefix::address)
                .findFirst();
    }

    private static <T> T find(String what, Iterable<T> all, Function<T, String> id, String reference) {
        List<T> found = new ArrayList<>();
        for (T one : all) {
            if (id.apply(one).equals(reference)) {
                return one;
            }
            if (!reference.isEmpty() && id.apply(one).startsWith(reference)) {
                found.add(one);
            }
        }
        if (found.size() > 1) {
            throw EngineException.conflict(what + " " + reference + " is ambiguous");
        }
        if (found.isEmpty()) {
            throw new EngineException(ErrorCode.NOT_FOUND, what + " " + reference + " does not exist");
        }
        return found.get(0);
    }

    private static MacAddress mac(String seed) {
        int hash = seed.hashCode();
        return MacAddress.of(
                new byte[] {2, 0x42, (byte) (hash >> 24), (byte) (hash >> 16), (byte) (hash >> 8), (byte) hash});
    }

    private static String head(String text, int length) {
        return text.substring(0, Math.min(length, text.length()));
    }
}
