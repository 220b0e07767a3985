package io.jnet.cni;

import io.jnet.engine.Engine;
import io.jnet.engine.Status;
import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.link.ContainerSide;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.PortSelection;
import io.jnet.engine.rebuild.Completeness;
import io.jnet.engine.rebuild.Rebuilt;
import io.jnet.engine.rebuild.Unrecorded;
import io.jnet.engine.store.AddressDraw;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.traffic.PortTraffic;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A plugin on an engine that has nothing and makes nothing: for what is decided before the engine is asked. */
final class IdlePlugin implements AutoCloseable {
    private final Path folder;
    private final StateStore store;
    private final CniPlugin plugin;

    IdlePlugin() {
        this(List.of());
    }

    /** @param troubles what the engine says of itself */
    IdlePlugin(List<String> troubles) {
        try {
            folder = Files.createTempDirectory("jnet-idle");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store = StateStore.open(folder, "here");
        AddressPools pools = new AddressPools(store, PoolSettings.DEFAULT, Set::of, Clock.systemUTC(), "now");
        plugin = new CniPlugin(new IdleEngine(troubles), pools);
    }

    /** Answers a call whose namespace could not be opened. */
    CniAnswer answer(Map<String, String> environment, byte[] configuration) {
        return plugin.answer(new CniRequest(environment, configuration, Optional.empty()));
    }

    @Override
    public void close() {
        store.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class IdleEngine implements Engine {
        private final List<String> troubles;

        IdleEngine(List<String> troubles) {
            this.troubles = List.copyOf(troubles);
        }

        @Override
        public Network createNetwork(NetworkSpec spec) {
            throw refusal();
        }

        @Override
        public void deleteNetwork(NetworkId id) {}

        @Override
        public Endpoint createEndpoint(EndpointSpec spec) {
            throw refusal();
        }

        @Override
        public Attachment join(NetworkId network, EndpointId id, String sandbox) {
            throw refusal();
        }

        @Override
        public Endpoint attach(
                EndpointSpec spec,
                AddressDraw draw,
                String sandbox,
                Function<? super List<IpPrefix>, ContainerSide> side,
                List<PortRequest> ports) {
            throw refusal();
        }

        @Override
        public Endpoint adopt(EndpointSpec spec, InterfaceName link, String sandbox, List<PortRequest> ports) {
            throw refusal();
        }

        @Override
        public void leave(NetworkId network, EndpointId id) {}

        @Override
        public void deleteEndpoint(NetworkId network, EndpointId id) {}

        @Override
        public void deleteUnusedEndpoint(NetworkId network, EndpointId id) {}

        @Override
        public List<PortBinding> publish(NetworkId network, EndpointId id, List<PortRequest> requests) {
            throw refusal();
        }

        @Override
        public List<PortBinding> publishMore(NetworkId network, EndpointId id, List<PortRequest> requests) {
            return List.of();
        }

        @Override
        public List<PortBinding> unpublish(NetworkId network, EndpointId id, List<PortSelection> ports) {
            return List.of();
        }

        @Override
        public void unpublish(NetworkId network, EndpointId id) {}

        @Override
        public List<Network> networks() {
            return List.of();
        }

        @Override
        public Network network(String reference) {
            throw refusal();
        }

        @Override
        public List<Endpoint> endpoints() {
            return List.of();
        }

        @Override
        public Endpoint endpoint(String reference) {
            throw refusal();
        }

        @Override
        public Optional<Endpoint> findEndpoint(EndpointId id) {
            return Optional.empty();
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
            throw new AssertionError();
        }

        @Override
        public Rebuilt adoptLostState(Optional<String> instance, Completeness completeness) {
            throw new AssertionError();
        }

        @Override
        public Optional<String> publishedPast(Endpoint endpoint, PortBinding binding) {
            return Optional.empty();
        }

        @Override
        public List<IpAddress> nameServers(Network network) {
            return List.of();
        }

        @Override
        public PublishPolicy publishPolicy(Network network) {
            return PublishPolicy.OPEN;
        }

        @Override
        public List<PortClash> clashes() {
            return List.of();
        }

        @Override
        public List<String> troubles() {
            return troubles;
        }

        @Override
        public Map<String, Integer> mended() {
            return Map.of("ruleset", 2);
        }

        @Override
        public Map<NetworkId, LinkStatistics> networkTraffic() {
            return Map.of();
        }

        @Override
        public List<PortTraffic> portTraffic() {
            return List.of();
        }

        @Override
        public Optional<Map<Publication, Long>> openBytes() {
            return Optional.empty();
        }

        @Override
        public Status status() {
            throw refusal();
        }

        @Override
        public void close() {}

        private static EngineException refusal() {
            return EngineException.conflict("nothing is made here");
        }
    }
}
