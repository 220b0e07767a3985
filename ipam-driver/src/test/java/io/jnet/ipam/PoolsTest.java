package io.jnet.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.Subnet;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pool a network gets. */
class PoolsTest {
    @TempDir
    private Path folder;

    private PoolFixture fixture;

    @BeforeEach
    void open() {
        fixture = PoolFixture.open(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void chooses_the_lowest_free_24_and_another_one_each_time() {
        assertThat(chosen()).isEqualTo("172.16.0.0/24");
        assertThat(chosen()).isEqualTo("172.16.1.0/24");
        fixture.pool("172.16.2.128/25");
        assertThat(chosen()).isEqualTo("172.16.3.0/24");
    }

    @Test
    void chooses_what_overlaps_nothing_that_the_host_knows() {
        fixture.know("172.16.0.0/13");
        fixture.know("172.24.0.0/24");
        fixture.know("172.24.1.77/32");
        assertThat(chosen()).isEqualTo("172.24.2.0/24");
    }

    @Test
    void leaves_dockers_default_bridge_its_range() {
        fixture.know("172.16.0.0/16");
        assertThat(chosen()).isEqualTo("172.18.0.0/24");
    }

    @Test
    void goes_on_to_the_next_source_when_one_is_used_up() {
        fixture.know("172.16.0.0/12");
        assertThat(chosen()).isEqualTo("192.168.0.0/24");
        fixture.know("192.0.0.0/8");
        assertThat(chosen()).isEqualTo("10.0.0.0/24");
    }

    @Test
    void says_which_ranges_it_tried_when_none_is_left() {
        for (String range : List.of("172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8")) {
            fixture.know(range);
        }
        assertThatThrownBy(this::chosen)
                .isInstanceOfSatisfying(EngineException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.EXHAUSTED))
                .hasMessageContaining("the /24 in 172.16.0.0/12, the /24 in 192.168.0.0/16, the /24 in 10.0.0.0/8");
        assertThat(fixture.pools().pools()).isEmpty();
    }

    @Test
    void cuts_ipv6_pools_from_one_local_prefix_that_outlives_the_daemon() {
        Pool first = fixture.choose(AddressFamily.INET6);
        assertThat(first.prefix().toString()).startsWith("fd").endsWith("::/64");
        fixture.close();
        fixture = PoolFixture.open(folder);
        Pool second = fixture.choose(AddressFamily.INET6);
        IpPrefix local = new IpPrefix(first.prefix().address(), 48).network();
        assertThat(local.contains(second.prefix().address())).isTrue();
        assertThat(second.prefix()).isNotEqualTo(first.prefix());
    }

    @Test
    void configured_sources_and_exclusions_replace_the_built_in_ones() {
        fixture.close();
        fixture = PoolFixture.open(
                folder.resolve("other"),
                new PoolSettings(
                        List.of(
                                new PoolSettings.Source(IpPrefix.parse("10.8.0.0/22"), 24),
                                new PoolSettings.Source(IpPrefix.parse("2001:db8::/47"), 48)),
                        List.of(IpPrefix.parse("10.8.0.0/23"))));
        assertThat(chosen()).isEqualTo("10.8.2.0/24");
        assertThat(chosen()).isEqualTo("10.8.3.0/24");
        assertThatThrownBy(this::chosen).hasMessageContaining("the /24 in 10.8.0.0/22");
        assertThat(fixture.choose(AddressFamily.INET6).prefix()).hasToString("2001:db8::/48");
    }

    /** dockerd keeps what it refuses until it takes one, and would ask for all that there are. */
    @Test
    void does_not_choose_without_an_end_for_who_refuses_all() {
        for (int i = 0; i < 64; i++) {
            fixture.take(fixture.choose(AddressFamily.INET));
        }
        for (int i = 0; i < 64; i++) {
            fixture.choose(AddressFamily.INET);
        }
        assertThatThrownBy(() -> fixture.choose(AddressFamily.INET))
                .hasMessageStartingWith("64 address pools were chosen within a minute, and none was used")
                .hasMessageEndingWith("choose one with --subnet");
        fixture.choose(AddressFamily.INET6);
        fixture.pass(Duration.ofMinutes(1));
        fixture.choose(AddressFamily.INET);
    }

    @Test
    void a_released_range_can_be_had_again() {
        Pool pool = fixture.pool("10.1.0.0/16");
        fixture.take(pool);
        fixture.pools().releasePool(pool.id());
        fixture.pools().releasePool(pool.id());
        assertThat(fixture.pools().leases()).isEmpty();
        assertThat(fixture.pool("10.1.0.0/16").id()).isNotEqualTo(pool.id());
    }

    /** Whose network is refused releases the pool that it was given: it must be nobody else's. */
    @Test
    void the_same_request_once_more_is_another_networks() {
        fixture.pool("10.1.0.0/16");
        assertThatThrownBy(() -> fixture.pool("10.1.0.0/16"))
                .hasMessage("pool 10.1.0.0/16 overlaps pool 10.1.0.0/16, which is in use");
    }

    @Test
    void after_a_death_the_same_request_gets_the_same_pool_until_it_is_used() {
        Pool pool = fixture.pool("10.1.0.0/16");
        fixture.pass(Duration.ofSeconds(5));
        fixture.startAgain();
        assertThat(fixture.pool("10.1.0.0/16")).isEqualTo(pool);
        assertThatThrownBy(() -> fixture.pool("10.1.0.0/16", "10.1.2.0/24", false))
                .hasMessage("pool 10.1.0.0/16 overlaps pool 10.1.0.0/16, which is in use");
        fixture.gateway(pool);
        assertThatThrownBy(() -> fixture.pool("10.1.0.0/16"))
                .hasMessage("pool 10.1.0.0/16 overlaps pool 10.1.0.0/16, which is in use");
    }

    @Test
    void long_after_a_death_the_same_request_is_another_networks() {
        fixture.pool("10.1.0.0/16");
        fixture.startAgain();
        fixture.pass(Duration.ofMinutes(1));
        assertThatThrownBy(() -> fixture.pool("10.1.0.0/16")).hasMessageContaining("overlaps");
    }

    /** An isolated network whose addresses Docker gives: neither a pool nor a route tells of it. */
    @Test
    void a_network_without_a_pool_keeps_its_range() {
        Pool pool = fixture.choose(AddressFamily.INET);
        fixture.pools().releasePool(pool.id());
        String first = pool.prefix().toString();
        network(first);
        assertThat(chosen()).isNotEqualTo(first);
    }

    /** Nobody has an address of a network without a gateway before its first container. */
    @Test
    void pools_that_have_their_network_are_taken() {
        for (int i = 0; i < 64; i++) {
            network(chosen(), "web" + i);
        }
        chosen();
    }

    @Test
    void a_pool_of_a_network_that_is_there_is_not_given_again() {
        fixture.pool("10.1.0.0/16");
        network("10.1.0.0/16");
        fixture.pass(Duration.ofSeconds(5));
        fixture.startAgain();
        assertThatThrownBy(() -> fixture.pool("10.1.0.0/16")).hasMessageContaining("overlaps");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.0.1/16 | | host bits are set, want 10.1.0.0/16",
                "127.0.0.0/24 | | not a unicast range",
                "224.0.0.0/24 | | not a unicast range",
                "ff00::/16 | | not a unicast range",
                "::ffff:10.0.0.0/104 | | IPv4-mapped addresses are no container's",
                "10.1.0.0/16 | 10.2.0.0/24 | range 10.2.0.0/24 is not inside pool 10.1.0.0/16",
                "10.1.0.0/16 | 10.1.0.0/15 | host bits are set",
                "10.0.0.0/16 | 10.0.0.0/15 | range 10.0.0.0/15 is not inside pool 10.0.0.0/16",
                "10.1.0.0/16 | fd00::/64 | range fd00::/64 is not inside pool 10.1.0.0/16",
                "10.1.0.0/16 | 10.1.0.0/32 | no address of 10.1.0.0/32 can be a container's"
            })
    void refuses_what_cannot_be_a_pool_and_changes_nothing(String pool, String part, String message) {
        assertThatThrownBy(() -> fixture.pool(pool, part == null ? "" : part, false))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(message);
        assertThat(fixture.pools().pools()).isEmpty();
    }

    private void network(String subnet) {
        network(subnet, "web");
    }

    private void network(String subnet, String id) {
        NetworkSpec spec = new NetworkSpec(
                new NetworkId(id),
                Optional.empty(),
                Optional.empty(),
                List.of(new Subnet(IpPrefix.parse(subnet), Optional.empty())),
                OptionalInt.empty(),
                "eth",
                Optional.empty(),
                Set.of());
        fixture.store().write(state -> {
            state.put(new Network(
                    spec, new InterfaceName("jbr-web"), MacAddress.parse("02:00:00:00:00:01"), NetworkState.READY));
            return state;
        });
    }

    private String chosen() {
        return fixture.choose(AddressFamily.INET).prefix().toString();
    }
}
