package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.resolve.Directory;
import io.jnet.engine.resolve.NameService;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolversTest {
    @TempDir
    private Path folder;

    private final RecordedNames names = new RecordedNames();
    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(namespace -> StateStore.open(folder.resolve("state"), namespace), names::from);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void namesAreAnsweredAsLongAsANetworkIsThere() {
        Network web = fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        assertThat(names.calls).containsExactly("serve 10.1.0.1,fd00:1::1");
        assertThat(fixture.engine().nameServers(web))
                .containsExactly(IpAddress.parse("10.1.0.1"), IpAddress.parse("fd00:1::1"));
        assertThat(fixture.host.dump()).contains("resolvers4", "resolvers6").doesNotContain("moved_resolvers");

        fixture.engine().deleteNetwork(WEB);
        assertThat(names.calls).containsExactly("serve 10.1.0.1,fd00:1::1", "stop");
    }

    @Test
    void whoWantsNoNamesIsAnsweredNone() {
        Network web = fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24").resolving(Resolution.NONE));
        assertThat(names.calls).isEmpty();
        assertThat(fixture.engine().nameServers(web)).isEmpty();
        assertThat(fixture.host.dump()).doesNotContain("resolvers4");
    }

    @Test
    void theRulesLeadToAnotherPortWhere53IsTaken() {
        names.port = 40_053;
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24"));
        String moved = fixture.host.dump();
        assertThat(moved).contains("moved_resolvers4").contains("40053");

        fixture.restart();
        assertThat(fixture.host.dump()).as("after a restart").isEqualTo(moved);

        fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.dump()).contains("moved_resolvers4").doesNotContain("10.1.0.1");

        names.port = 53;
        fixture.restart();
        assertThat(fixture.host.dump()).as("free again").doesNotContain("moved_resolvers4");
    }

    @Test
    void aBridgeThatIsMadeAnewIsListenedAtAnew() {
        String bridge = fixture.engine()
                .createNetwork(spec(WEB, "10.1.0.1/24"))
                .bridge()
                .value();
        fixture.host.links.remove(bridge);
        fixture.host.change();
        fixture.await(() -> names.calls.equals(List.of("serve 10.1.0.1", "serve 10.1.0.1")));
    }

    @Test
    void theDirectoryIsWhatTheStateHas() {
        long before = names.directory.generation();
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24"));
        assertThat(names.directory.generation()).isNotEqualTo(before);
        assertThat(names.directory.networks()).extracting(Network::state).containsExactly(NetworkState.READY);

        before = names.directory.generation();
        fixture.engine()
                .createEndpoint(new EndpointSpec(WEB, ONE, List.of(IpPrefix.parse("10.1.0.2/24")), Optional.empty()));
        assertThat(names.directory.generation()).isNotEqualTo(before);
        assertThat(names.directory.endpoints()).hasSize(1);
    }

    /** Listens nowhere, and remembers where it was to listen. */
    private static final class RecordedNames implements NameService {
        final List<String> calls = new CopyOnWriteArrayList<>();
        final Map<NetworkId, Integer> ports = new ConcurrentHashMap<>();
        int port = 53;
        Directory directory;

        RecordedNames from(Directory opened) {
            directory = opened;
            ports.clear();
            return this;
        }

        @Override
        public void serve(Network network) {
            calls.add("serve "
                    + String.join(
                            ",",
                            network.nameServers().stream()
                                    .map(IpAddress::toString)
                                    .toList()));
            ports.put(network.id(), port);
        }

        @Override
        public void stop(NetworkId network) {
            calls.add("stop");
            ports.remove(network);
        }

        @Override
        public OptionalInt port(NetworkId network) {
            Integer found = ports.get(network);
            return found == null ? OptionalInt.empty() : OptionalInt.of(found);
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
