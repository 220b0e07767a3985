package io.jnet.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.ipam.lease.Purpose;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which address a container gets. */
class LeasesTest {
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
    void gives_the_gateway_the_first_address_and_containers_the_next_ones() {
        Pool pool = fixture.pool("10.1.0.0/24");
        assertThat(fixture.gateway(pool)).isEqualTo("10.1.0.1/24");
        assertThat(fixture.take(pool)).isEqualTo("10.1.0.2/24");
        assertThat(fixture.take(pool)).isEqualTo("10.1.0.3/24");
    }

    @Test
    void a_released_address_is_the_last_to_be_used_again() {
        Pool pool = fixture.pool("10.1.0.0/28");
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            all.add(fixture.take(pool));
        }
        // Out of order, so that going around would give another one.
        for (int i : new int[] {5, 2, 9, 3}) {
            fixture.release(pool, all.get(i));
        }
        assertThat(List.of(fixture.take(pool), fixture.take(pool), fixture.take(pool), fixture.take(pool)))
                .containsExactly(all.get(5), all.get(2), all.get(9), all.get(3));
    }

    @Test
    void who_asks_for_an_address_of_a_part_gets_one_of_it_in_the_same_order() {
        Pool pool = fixture.pool("10.1.0.0/24");
        fixture.gateway(pool);
        assertThat(fixture.takeWithin(pool, "10.1.0.8", "10.1.0.9")).isEqualTo("10.1.0.8/24");
        assertThat(fixture.takeWithin(pool, "10.1.0.8", "10.1.0.9")).isEqualTo("10.1.0.9/24");
        assertThat(fixture.take(pool)).isEqualTo("10.1.0.2/24");
        fixture.release(pool, "10.1.0.2");
        fixture.release(pool, "10.1.0.9");
        fixture.release(pool, "10.1.0.8");
        assertThat(fixture.takeWithin(pool, "10.1.0.8", "10.1.0.9")).isEqualTo("10.1.0.9/24");
        assertThat(fixture.takeWithin(pool, "10.1.0.8", "10.1.0.9")).isEqualTo("10.1.0.8/24");
        assertThatThrownBy(() -> fixture.takeWithin(pool, "10.1.0.8", "10.1.0.9"))
                .hasMessage("address pool 10.1.0.0/24, range 10.1.0.8-10.1.0.9, is full");
        assertThatThrownBy(() -> fixture.takeWithin(pool, "10.1.0.8", "10.1.1.9"))
                .hasMessage("address 10.1.1.9 is not in pool 10.1.0.0/24");
    }

    @Test
    void an_address_released_at_once_comes_back_after_all_others() {
        Pool pool = fixture.pool("10.1.0.0/24");
        fixture.gateway(pool);
        Set<String> given = new HashSet<>();
        for (int i = 0; i < 253; i++) {
            String address = fixture.take(pool);
            assertThat(given.add(address)).as(address).isTrue();
            fixture.release(pool, address);
        }
        assertThat(fixture.take(pool)).isEqualTo("10.1.0.2/24");
    }

    /** Nothing has the addresses any more, whether or not they were looked for since. */
    @Test
    void an_address_of_an_earlier_boot_is_free_to_who_names_it_and_to_its_owner() {
        Pool pool = fixture.pool("10.1.0.0/24");
        Pool sticky = fixture.pool("10.2.0.0/24", "", true);
        fixture.gateway(pool);
        String named = fixture.take(pool);
        String kept = fixture.take(sticky.id(), "", "db");
        fixture.take(sticky.id(), "", "web");
        fixture.close();
        fixture = PoolFixture.openAfterReboot(folder);
        fixture.pass(Duration.ofMinutes(5));

        assertThat(fixture.take(pool.id(), "10.1.0.2", "")).isEqualTo(named);
        assertThat(fixture.take(sticky.id(), "", "db")).isEqualTo(kept);
        assertThatThrownBy(() -> fixture.take(pool.id(), "10.1.0.2", "")).hasMessageContaining("is taken");
        assertThatThrownBy(() -> fixture.take(pool.id(), "10.1.0.1", "")).hasMessageContaining("is taken");
    }

    /** After an adoption of an older copy of the state: it is a living container's. */
    @Test
    void an_address_of_an_earlier_boot_that_is_in_use_is_taken() {
        Pool pool = fixture.pool("10.1.0.0/24");
        fixture.gateway(pool);
        fixture.take(pool);
        fixture.close();
        fixture = PoolFixture.openAfterReboot(folder);
        fixture.use(pool, "10.1.0.2");

        assertThatThrownBy(() -> fixture.take(pool.id(), "10.1.0.2", "")).hasMessageContaining("is taken");
    }

    @Test
    void a_full_pool_says_so_with_the_pool_and_the_count() {
        Pool pool = fixture.pool("10.1.0.0/29");
        fixture.gateway(pool);
        for (int i = 0; i < 5; i++) {
            fixture.take(pool);
        }
        assertThatThrownBy(() -> fixture.take(pool))
                .isInstanceOfSatisfying(
                        EngineException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.EXHAUSTED))
                .hasMessage("address pool 10.1.0.0/29 is full: 6 of 6 addresses are leased");
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/31, 10.1.0.0/31, 10.1.0.1/31, 2",
        "10.1.0.0/30, 10.1.0.1/30, 10.1.0.2/30, 2",
        "10.0.0.0/8, 10.0.0.1/8, 10.0.0.2/8, 16777214",
        "fd00:1::/64, fd00:1::1/64, fd00:1::2/64, 18446744073709551615",
        "fd00:1::/48, fd00:1::1/48, fd00:1::2/48, 1208925819614629174706175",
        "fd00:1::/127, fd00:1::/127, fd00:1::1/127, 2",
    })
    void serves_pools_of_any_size(String prefix, String gateway, String first, String size) {
        Pool pool = fixture.pool(prefix);
        assertThat(fixture.pools().pools().get(0).free()).isEqualTo(size);
        assertThat(fixture.gateway(pool)).isEqualTo(gateway);
        assertThat(fixture.take(pool)).isEqualTo(first);
    }

    @Test
    void chooses_from_the_range_and_gives_what_is_outside_by_name_only() {
        Pool pool = fixture.pool("10.1.0.0/16", "10.1.5.0/30", false);
        assertThat(fixture.gateway(pool)).isEqualTo("10.1.0.1/16");
        assertThat(fixture.take(pool.id(), "10.1.9.9", "")).isEqualTo("10.1.9.9/16");
        assertThat(List.of(fixture.take(pool), fixture.take(pool), fixture.take(pool), fixture.take(pool)))
                .containsExactly("10.1.5.0/16", "10.1.5.1/16", "10.1.5.2/16", "10.1.5.3/16");
        assertThatThrownBy(() -> fixture.take(pool))
                .hasMessage("address pool 10.1.0.0/16, range 10.1.5.0/30, is full: 4 of 4 addresses are leased");
        fixture.release(pool, "10.1.9.9");
        assertThat(fixture.take(pool.id(), "10.1.9.9", "")).isEqualTo("10.1.9.9/16");
    }

    @Test
    void passes_over_what_was_asked_for_by_name() {
        Pool pool = fixture.pool("10.1.0.0/24");
        fixture.gateway(pool);
        fixture.take(pool.id(), "10.1.0.2", "");
        fixture.take(pool.id(), "10.1.0.4", "");
        assertThat(List.of(fixture.take(pool), fixture.take(pool))).containsExactly("10.1.0.3/24", "10.1.0.5/24");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.0.0 | address 10.1.0.0 is the network or broadcast address of pool 10.1.0.0/24",
                "10.1.0.255 | address 10.1.0.255 is the network or broadcast address of pool 10.1.0.0/24",
                "10.1.0.1 | address 10.1.0.1 of pool 10.1.0.0/24 is taken",
                "10.1.0.7 | address 10.1.0.7 of pool 10.1.0.0/24 is taken by web",
                "10.2.0.7 | address 10.2.0.7 is not in pool 10.1.0.0/24",
                "fd00::7 | address fd00::7 is not of the family of pool 10.1.0.0/24"
            })
    void refuses_an_address_that_nobody_can_have(String address, String message) {
        Pool pool = fixture.pool("10.1.0.0/24");
        fixture.gateway(pool);
        fixture.take(pool.id(), "10.1.0.7", "web");
        int before = fixture.pools().leases().size();
        assertThatThrownBy(() -> fixture.take(pool.id(), address, "")).hasMessage(message);
        assertThat(fixture.pools().leases()).hasSize(before);
    }

    @Test
    void an_unknown_pool_has_no_addresses_and_nothing_to_release() {
        PoolId unknown = new PoolId("10.1.0.0/24@00000000");
        assertThatThrownBy(() -> fixture.take(unknown, "", ""))
                .isInstanceOfSatisfying(EngineException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.NOT_FOUND));
        Pool pool = fixture.pool("10.1.0.0/24");
        fixture.release(pool, "10.1.0.77");
        fixture.release(pool, "192.0.2.1");
    }

    @Test
    void a_sticky_owner_gets_its_address_again_while_others_come_and_go() {
        Pool pool = fixture.pool("10.1.0.0/26", "", true);
        fixture.gateway(pool);
        String mine = fixture.take(pool.id(), "", "web");
        fixture.release(pool, mine);
        for (int i = 0; i < 50; i++) {
            String other = fixture.take(pool.id(), "", "other-" + i);
            assertThat(other).isNotEqualTo(mine);
            fixture.release(pool, other);
        }
        assertThat(fixture.take(pool.id(), "", "web")).isEqualTo(mine);
    }

    @Test
    void without_the_option_the_owner_gets_another_address() {
        Pool pool = fixture.pool("10.1.0.0/26");
        String mine = fixture.take(pool.id(), "", "web");
        fixture.release(pool, mine);
        assertThat(fixture.take(pool.id(), "", "web")).isNotEqualTo(mine);
    }

    @Test
    void a_kept_address_goes_to_somebody_else_only_when_no_other_is_free() {
        Pool pool = fixture.pool("10.1.0.0/29", "", true);
        fixture.gateway(pool);
        String mine = fixture.take(pool.id(), "", "web");
        fixture.release(pool, mine);
        for (int i = 0; i < 4; i++) {
            assertThat(fixture.take(pool)).isNotEqualTo(mine);
        }
        assertThat(fixture.take(pool)).isEqualTo(mine);
        assertThatThrownBy(() -> fixture.take(pool.id(), "", "web")).hasMessageContaining("is full");
    }

    @Test
    void an_answer_that_was_lost_is_given_again_to_the_same_owner() {
        Pool pool = fixture.pool("10.1.0.0/24");
        String first = fixture.take(pool.id(), "", "web");
        assertThat(fixture.take(pool.id(), "", "web")).isEqualTo(first);
        assertThat(fixture.take(pool.id(), "10.1.0.9", "db")).isEqualTo("10.1.0.9/24");
        assertThat(fixture.take(pool.id(), "10.1.0.9", "db")).isEqualTo("10.1.0.9/24");
        assertThat(fixture.pools().leases()).hasSize(2);
    }

    @Test
    void a_name_that_went_to_another_container_does_not_get_the_first_ones_address() {
        Pool pool = fixture.pool("10.1.0.0/24", "", true);
        String first = fixture.take(pool.id(), "", "web");
        fixture.pass(Duration.ofMinutes(5));
        assertThat(fixture.take(pool.id(), "", "web")).isNotEqualTo(first);
    }

    @Test
    void what_is_asked_for_by_name_while_the_network_is_made_is_reserved() {
        Pool pool = fixture.pool("10.1.0.0/24");
        fixture.gateway(pool);
        fixture.take(pool.id(), "10.1.0.5", "");
        fixture.take(pool);
        fixture.take(pool.id(), "10.1.0.6", "");
        assertThat(fixture.pools().leases())
                .extracting(report -> report.lease().purpose())
                .containsExactly(Purpose.GATEWAY, Purpose.ENDPOINT, Purpose.RESERVED, Purpose.ENDPOINT);
    }

    @Test
    void a_pool_is_filled_to_the_last_address_and_emptied() {
        fillAndEmpty("10.1.0.0/23", 510);
    }

    @Test
    @EnabledIfSystemProperty(named = "jnet.long", matches = "true", disabledReason = "takes minutes")
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void a_16_is_filled_to_the_last_address_and_emptied() {
        fillAndEmpty("10.1.0.0/16", 65_534);
    }

    private void fillAndEmpty(String prefix, int size) {
        Pool pool = fixture.pool(prefix);
        Set<String> given = new TreeSet<>();
        for (int i = 0; i < size; i++) {
            assertThat(given.add(fixture.take(pool))).isTrue();
        }
        assertThatThrownBy(() -> fixture.take(pool)).hasMessageContaining(size + " of " + size);
        given.forEach(address -> fixture.release(pool, address));
        assertThat(fixture.pools().leases()).isEmpty();
        assertThat(fixture.pools().pools().get(0).used()).isZero();
    }

    @Test
    void many_clients_at_once_never_share_an_address() throws Exception {
        List<Pool> pools = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            pools.add(fixture.pool("10.2." + i + ".0/24"));
        }
        Set<String> held = ConcurrentHashMap.newKeySet();
        ExecutorService clients = Executors.newFixedThreadPool(64);
        try {
            List<Future<Void>> results = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                results.add(clients.submit(client(pools, held, i)));
            }
            for (Future<Void> result : results) {
                result.get();
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(fixture.pools().leases()).hasSize(held.size());
    }

    private Callable<Void> client(List<Pool> pools, Set<String> held, int number) {
        return () -> {
            Random random = new Random(number);
            List<String> mine = new ArrayList<>();
            List<Pool> of = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                if (random.nextInt(3) > 0 || mine.isEmpty()) {
                    Pool pool = pools.get(random.nextInt(pools.size()));
                    String address = fixture.take(pool);
                    assertThat(held.add(address)).as(address).isTrue();
                    mine.add(address);
                    of.add(pool);
                } else {
                    held.remove(mine.get(0));
                    fixture.release(of.remove(0), mine.remove(0));
                }
            }
            return null;
        };
    }

    @Test
    void follows_a_simple_model_whatever_happens() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Pool pool = fixture.pool("10.1.0.0/27", "10.1.0.8/29", true);
        Set<String> leased = new TreeSet<>();
        for (int i = 0; i < 600; i++) {
            String step = "seed " + seed + ", step " + i;
            if (random.nextBoolean()) {
                String owner = random.nextInt(3) == 0 ? "owner-" + random.nextInt(5) : "";
                String named = random.nextInt(3) == 0 ? "10.1.0." + (1 + random.nextInt(30)) : "";
                fixture.pass(Duration.ofMinutes(1));
                try {
                    assertThat(leased.add(fixture.take(pool.id(), named, owner)))
                            .as(step)
                            .isTrue();
                } catch (EngineException refused) {
                    boolean full = leased.stream().filter(LeasesTest::inRange).count() == 8;
                    boolean taken = leased.contains(named + "/27");
                    assertThat(named.isEmpty() ? full : taken).as(step).isTrue();
                }
            } else if (!leased.isEmpty()) {
                String address = List.copyOf(leased).get(random.nextInt(leased.size()));
                leased.remove(address);
                fixture.release(pool, address);
            }
            assertThat(fixture.pools().pools().get(0).used()).as(step).isEqualTo(leased.size());
        }
        assertThat(fixture.pools().leases())
                .extracting(report -> report.lease().address() + "/27")
                .containsExactlyInAnyOrderElementsOf(leased);
    }

    private static boolean inRange(String address) {
        int last = Integer.parseInt(address.replaceAll(".*\\.|/.*", ""));
        return last >= 8 && last < 16;
    }
}
