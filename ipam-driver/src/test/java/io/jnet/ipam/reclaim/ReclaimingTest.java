package io.jnet.ipam.reclaim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.NetworkId;
import io.jnet.ipam.PoolFixture;
import io.jnet.ipam.pool.Pool;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which leases are freed without being given back, and when. */
class ReclaimingTest {
    private static final NamespaceUse EMPTY = new NamespaceUse(Set.of(), false);

    @TempDir
    private Path folder;

    private final Map<String, NamespaceUse> namespaces = new HashMap<>();
    private PoolFixture fixture;
    private Reclaiming reclaiming;
    private Pool pool;

    @BeforeEach
    void open() {
        start(PoolFixture.open(folder), PoolFixture.BOOT);
        pool = fixture.pool("10.1.0.0/24");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void frees_what_a_namespace_had_that_is_gone() {
        String address = fixture.take(pool);
        use("net:[1]", address);
        reclaiming.sweep();
        assertThat(leased()).containsExactly(address);

        namespaces.remove("net:[1]");
        assertThat(reclaiming.sweep()).contains(Reclaiming.MOMENT);
        assertThat(leased()).as("its runtime gives it back itself, mostly").containsExactly(address);
        fixture.pass(Reclaiming.MOMENT);
        reclaiming.sweep();
        assertThat(leased()).isEmpty();
    }

    @Test
    void leaves_what_a_living_namespace_has_or_had() {
        String address = fixture.take(pool);
        use("net:[1]", address);
        sweepFor(Duration.ofHours(1));
        assertThat(leased()).containsExactly(address);
        namespaces.put("net:[1]", new NamespaceUse(Set.of(), true));
        sweepFor(Duration.ofHours(1));
        assertThat(leased()).as("taken over by a sandbox").containsExactly(address);
        namespaces.put("net:[1]", EMPTY);
        sweepFor(Duration.ofSeconds(5));
        assertThat(leased()).as("its link is gone").isEmpty();
    }

    @Test
    void leaves_what_moved_on_to_another_namespace() {
        String address = fixture.take(pool);
        use("net:[1]", address);
        reclaiming.sweep();
        namespaces.clear();
        use("net:[2]", address);
        sweepFor(Duration.ofSeconds(10));
        assertThat(leased()).containsExactly(address);
    }

    @Test
    void leaves_what_is_on_its_way_into_a_container_for_as_long_as_that_may_take() {
        String address = fixture.take(pool);
        sweepFor(Reclaiming.ON_ITS_WAY.minusSeconds(5));
        assertThat(leased()).containsExactly(address);
        sweepFor(Duration.ofSeconds(10));
        assertThat(leased()).isEmpty();
    }

    @Test
    void frees_what_was_on_its_way_when_an_earlier_daemon_ended_within_ten_seconds() {
        fixture.take(pool);
        fixture.close();
        start(PoolFixture.open(folder), PoolFixture.BOOT);
        fixture.pass(Duration.ofSeconds(3));
        reclaiming = reclaiming(PoolFixture.BOOT);
        reclaiming.sweep();
        assertThat(leased()).hasSize(1);
        sweepFor(Duration.ofSeconds(8));
        assertThat(leased()).isEmpty();
    }

    /** dockerd made it before the daemon died, and joins when the next one answers. */
    @Test
    void leaves_what_an_endpoint_has_that_nobody_has_joined_yet() {
        String address = fixture.take(pool);
        putEndpoint(address, EndpointState.CREATED);
        fixture.close();
        start(PoolFixture.open(folder), PoolFixture.BOOT);
        sweepFor(Duration.ofMinutes(1));
        assertThat(leased()).containsExactly(address);
        sweepFor(Duration.ofMinutes(15));
        assertThat(leased()).as("it never came").isEmpty();
    }

    /** Its runtime gives the address back when the endpoint is gone: that must not be somebody else's by then. */
    @Test
    void leaves_what_an_endpoint_has_that_has_left_or_is_being_deleted() {
        String address = fixture.take(pool);
        putEndpoint(address, EndpointState.JOINED);
        reclaiming.sweep();
        putEndpoint(address, EndpointState.LEFT);
        sweepFor(Duration.ofMinutes(1));
        putEndpoint(address, EndpointState.DELETING);
        sweepFor(Duration.ofMinutes(1));
        assertThat(leased()).containsExactly(address);
        fixture.store().change(state -> state.remove(new EndpointId("one")));
        sweepFor(Reclaiming.MOMENT);
        assertThat(leased()).isEmpty();
    }

    @Test
    void frees_at_once_what_is_of_an_earlier_boot_but_what_belongs_to_the_network() {
        fixture.gateway(pool);
        fixture.take(pool.id(), "10.1.0.9", "");
        fixture.take(pool);
        fixture.take(pool);
        fixture.close();
        start(PoolFixture.openAfterReboot(folder), "boot-2");
        reclaiming.sweep();
        assertThat(leased()).containsExactly("10.1.0.1/24", "10.1.0.9/24");
    }

    @Test
    void frees_nothing_when_a_namespace_cannot_be_looked_into() {
        String address = fixture.take(pool);
        use("net:[1]", address);
        reclaiming.sweep();
        Reclaiming blind = blind();
        fixture.pass(Duration.ofHours(1));
        assertThatThrownBy(blind::sweep).hasMessage("cannot look");
        assertThat(leased()).containsExactly(address);
    }

    @Test
    void frees_what_an_endpoint_had_beside_what_cannot_be_looked_for() {
        String somebodys = fixture.take(pool);
        String endpoints = fixture.take(pool);
        fixture.use(pool, endpoints.replaceFirst("/.*", ""));
        Reclaiming blind = blind();
        assertThatThrownBy(blind::sweep).hasMessage("cannot look");
        fixture.pass(Reclaiming.MOMENT);
        assertThatThrownBy(blind::sweep).hasMessage("cannot look");
        assertThat(leased()).containsExactly(somebodys);
    }

    /** On a host with thousands of processes a look into all their namespaces takes seconds. */
    @Test
    void frees_what_an_endpoint_had_without_looking_into_namespaces() {
        String address = fixture.take(pool);
        fixture.use(pool, address.replaceFirst("/.*", ""));
        Reclaiming blind = blind();
        assertThat(blind.sweep()).contains(Reclaiming.MOMENT);
        assertThat(leased()).containsExactly(address);
        fixture.pass(Reclaiming.MOMENT);
        assertThat(blind.sweep()).isEmpty();
        assertThat(leased()).isEmpty();
    }

    @Test
    void frees_only_what_an_endpoint_had_where_nobody_can_be_looked_at() {
        String endpoints = fixture.take(pool);
        fixture.use(pool, endpoints.replaceFirst("/.*", ""));
        String somebodys = fixture.take(pool);
        reclaiming =
                new Reclaiming(fixture.store(), fixture.leases(), AddressUse.UNSEEN, fixture.clock(), PoolFixture.BOOT);
        sweepFor(Duration.ofHours(1));
        assertThat(leased()).containsExactly(somebodys);
    }

    @Test
    void a_reserved_address_that_a_container_had_is_freed_with_it() {
        fixture.take(pool.id(), "10.1.0.9", "");
        sweepFor(Duration.ofHours(1));
        assertThat(leased()).as("perhaps a router's").containsExactly("10.1.0.9/24");
        use("net:[1]", "10.1.0.9/24");
        reclaiming.sweep();
        namespaces.clear();
        sweepFor(Duration.ofSeconds(5));
        assertThat(leased()).isEmpty();
    }

    private void putEndpoint(String address, EndpointState endpointState) {
        fixture.store()
                .change(state -> state.put(new Endpoint(
                        new EndpointSpec(
                                new NetworkId("web"),
                                new EndpointId("one"),
                                List.of(IpPrefix.parse(address)),
                                Optional.of(MacAddress.parse("02:42:0a:01:00:02"))),
                        new InterfaceName("jv1"),
                        new InterfaceName("jp1"),
                        MacAddress.parse("02:42:0a:01:00:02"),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        endpointState)));
    }

    private void start(PoolFixture opened, String boot) {
        fixture = opened;
        reclaiming = reclaiming(boot);
    }

    private Reclaiming reclaiming(String boot) {
        return new Reclaiming(fixture.store(), fixture.leases(), () -> Map.copyOf(namespaces), fixture.clock(), boot);
    }

    /** Of a host whose namespaces cannot be looked into. */
    private Reclaiming blind() {
        return new Reclaiming(
                fixture.store(),
                fixture.leases(),
                () -> {
                    throw new EngineException(ErrorCode.KERNEL, "cannot look");
                },
                fixture.clock(),
                PoolFixture.BOOT);
    }

    private void sweepFor(Duration time) {
        for (long passed = 0; passed < time.toSeconds(); passed += 2) {
            reclaiming.sweep();
            fixture.pass(Duration.ofSeconds(2));
        }
        reclaiming.sweep();
    }

    private void use(String namespace, String... addresses) {
        namespaces.put(
                namespace,
                new NamespaceUse(
                        Stream.of(addresses)
                                .map(address -> IpAddress.parse(address.replaceFirst("/.*", "")))
                                .collect(Collectors.toSet()),
                        true));
    }

    private List<String> leased() {
        return fixture.pools().leases().stream()
                .map(report ->
                        report.lease().address() + "/" + report.pool().prefix().length())
                .toList();
    }
}
