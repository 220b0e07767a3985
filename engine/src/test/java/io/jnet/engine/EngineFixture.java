package io.jnet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.resolve.Directory;
import io.jnet.engine.resolve.NameService;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** An engine on a fake host, and short ways to ask it for things. */
final class EngineFixture implements AutoCloseable {
    static final NetworkId WEB = new NetworkId("aaaa1111".repeat(8));
    static final NetworkId DB = new NetworkId("bbbb2222".repeat(8));
    static final EndpointId ONE = new EndpointId("1234567890abcdef".repeat(4));
    static final EndpointId TWO = new EndpointId("fedcba0987654321".repeat(4));

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final FakeHost host = new FakeHost();
    private final Function<String, StateStore> store;
    private final Function<Directory, NameService> names;
    private StoredEngine engine;

    EngineFixture(Path directory) {
        this(namespace -> StateStore.open(directory, namespace));
    }

    /**
     * @param store opens the state for a network namespace
     */
    EngineFixture(Function<String, StateStore> store) {
        this(store, directory -> NameService.NONE);
    }

    /**
     * @param store opens the state for a network namespace
     * @param names makes what answers names
     */
    EngineFixture(Function<String, StateStore> store, Function<Directory, NameService> names) {
        this.store = store;
        this.names = names;
        engine = open();
    }

    private StoredEngine open() {
        return StoredEngine.open(store, host.connect(), PublishPolicy.OPEN, names);
    }

    StoredEngine engine() {
        return engine;
    }

    /** Ends the engine as a crash would, as far as the store can tell, and starts another one. */
    StoredEngine restart() {
        engine.close();
        return start();
    }

    /** Starts another engine after the end of the one before. */
    StoredEngine start() {
        engine = open();
        return engine;
    }

    StoredEngine reboot() {
        engine.close();
        host.reboot();
        engine = open();
        return engine;
    }

    static NetworkSpec spec(NetworkId id, String... subnets) {
        return spec(id, Set.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER), subnets);
    }

    /** Subnets are given by their gateways: {@code 10.1.0.1/24}. */
    static NetworkSpec spec(NetworkId id, Set<NetworkFlag> flags, String... gateways) {
        List<Subnet> subnets = Arrays.stream(gateways)
                .map(IpPrefix::parse)
                .map(gateway -> new Subnet(gateway.network(), Optional.of(gateway)))
                .toList();
        return new NetworkSpec(
                id, Optional.empty(), Optional.empty(), subnets, OptionalInt.empty(), "eth", Optional.empty(), flags);
    }

    Network web() {
        return engine.createNetwork(spec(WEB, "10.1.0.1/24"));
    }

    Endpoint endpoint(EndpointId id, String... addresses) {
        return engine.createEndpoint(endpointSpec(id, addresses));
    }

    static EndpointSpec endpointSpec(EndpointId id, String... addresses) {
        return new EndpointSpec(
                WEB, id, Arrays.stream(addresses).map(IpPrefix::parse).toList(), Optional.empty());
    }

    /** An endpoint of {@link #WEB} in a sandbox. */
    Endpoint joined(EndpointId id, String... addresses) {
        Endpoint endpoint = endpoint(id, addresses);
        engine.join(WEB, id, sandbox(id));
        return endpoint;
    }

    /** Where no host has a folder: whether a file is there tells nothing. */
    static String sandbox(EndpointId id) {
        return "/nowhere/netns/" + id.value().substring(0, 12);
    }

    static PortRequest tcp(int hostPort, int containerPort) {
        return new PortRequest(Protocol.TCP, Optional.empty(), Optional.of(PortRange.of(hostPort)), containerPort);
    }

    /** Waits for what the watch does after {@link FakeHost#change}. */
    void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("condition within %s", PATIENCE).isBefore(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
