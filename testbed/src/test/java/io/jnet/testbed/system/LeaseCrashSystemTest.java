package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginClient;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sixty-four clients lease and release addresses of sixteen pools while the daemon is killed, again and again: no address that a client was
 * given is ever given to another one, and none that was given back stays taken.
 */
@SystemTest
class LeaseCrashSystemTest {
    private static final int POOLS = 16;
    private static final int CLIENTS = 64;
    private static final int DEATHS = 3;
    private static final int ANSWERS_BETWEEN_DEATHS = 150;
    private static final Duration RECONNECT = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static Lab lab;
    private static JnetDaemon jnet;

    /** Address to pool; what clients were given and have not given back. */
    private final Map<String, String> held = new ConcurrentHashMap<>();

    /** What was asked to be given back when the daemon died: free or not, nobody can tell. */
    private final Set<String> undecided = ConcurrentHashMap.newKeySet();

    /** Taken for reading by each step of a client, for writing by who compares. */
    private final ReadWriteLock pause = new ReentrantReadWriteLock();

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();

    @BeforeAll
    static void start() {
        lab = Lab.open();
        jnet = JnetDaemon.start(lab.host());
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @Test
    void noAddressIsDoubledOrLostWhenTheDaemonIsKilled() throws Exception {
        BackgroundProcess user = userOfAllAddresses();
        List<String> pools = new ArrayList<>();
        try (PluginClient client = connect()) {
            for (int i = 0; i < POOLS; i++) {
                JsonNode pool = JSON.readTree(client.call(
                        "IpamDriver.RequestPool",
                        Map.of("AddressSpace", "jnet-local", "Pool", "10.94." + i + ".0/24", "V6", false)));
                pools.add(pool.path("PoolID").asString());
            }
        }
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<?>> results = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(i);
                results.add(clients.submit(() -> leaseAndRelease(pools, random)));
            }
            for (int death = 1; death <= DEATHS; death++) {
                int enough = answers.get() + ANSWERS_BETWEEN_DEATHS;
                while (answers.get() < enough && results.stream().noneMatch(Future::isDone)) {
                    LockSupport.parkNanos(1_000_000);
                }
                jnet.kill();
                jnet.startAgain();
                compare("after death " + death);
            }
        } finally {
            ended.set(true);
            clients.shutdown();
        }
        for (Future<?> result : results) {
            result.get();
        }
        compare("at the end");
        try (PluginClient client = connect()) {
            held.forEach((address, pool) -> release(client, pool, address));
        }
        Set<String> rest = new TreeSet<>(leased());
        rest.removeAll(undecided);
        assertThat(rest)
                .as("leases whose answer the dead daemon did not get out: freed by it when it looks")
                .hasSizeLessThanOrEqualTo(CLIENTS * DEATHS);
        user.kill();
        // As with the end of a container, a link of the host goes; the daemon looks once a minute else.
        lab.host().shell("ip link add ended type veth && ip link delete ended");
        System.out.printf("%d answers, %d deaths, %d unanswered%n", answers.get(), DEATHS, rest.size());
        Eventually.holds("nothing stays taken", PATIENCE, () -> leased().isEmpty());
    }

    private void compare(String when) {
        pause.writeLock().lock();
        try {
            assertThat(leased()).as(when).containsAll(held.keySet());
        } finally {
            pause.writeLock().unlock();
        }
    }

    /** A namespace that has all addresses: else those of clients without containers would be freed at each start. */
    private static BackgroundProcess userOfAllAddresses() {
        String script = "ip link add user type veth && for pool in $(seq 0 %d); do for host in $(seq 1 254);"
                        .formatted(POOLS - 1)
                + " do echo address add 10.94.$pool.$host/32 dev user; done; done | ip -batch - && echo ready && exec sleep 600";
        BackgroundProcess user = lab.host().start("unshare", "--net", "sh", "-c", script);
        Eventually.holds("all addresses are there", PATIENCE, () -> user.log().contains("ready"));
        return user;
    }

    private void leaseAndRelease(List<String> pools, Random random) {
        List<String> mine = new ArrayList<>();
        while (!ended.get()) {
            try (PluginClient client = connect()) {
                while (!ended.get()) {
                    pause.readLock().lock();
                    try {
                        step(client, pools, mine, random);
                    } finally {
                        pause.readLock().unlock();
                    }
                    answers.incrementAndGet();
                }
            } catch (UncheckedIOException dead) {
                // dockerd connects again too.
                LockSupport.parkNanos(RECONNECT.toNanos());
            }
        }
    }

    private void step(PluginClient client, List<String> pools, List<String> mine, Random random) {
        if (mine.size() < 2 || (mine.size() < 3 && random.nextBoolean())) {
            String pool = pools.get(random.nextInt(pools.size()));
            JsonNode answer = JSON.readTree(client.call(
                    "IpamDriver.RequestAddress", Map.of("PoolID", pool, "Address", "", "Options", Map.of())));
            String address = answer.path("Address").asString().replaceFirst("/.*", "");
            assertThat(held.putIfAbsent(address, pool)).as(address).isNull();
            mine.add(address);
        } else {
            String address = mine.remove(0);
            String pool = held.remove(address);
            undecided.add(address);
            release(client, pool, address);
            undecided.remove(address);
        }
    }

    private static void release(PluginClient client, String pool, String address) {
        client.call("IpamDriver.ReleaseAddress", Map.of("PoolID", pool, "Address", address));
    }

    private static PluginClient connect() {
        Path socket = lab.host().outsidePathOf(JnetDaemon.PLUGIN_SOCKET);
        return PluginClient.connect(socket);
    }

    private static Set<String> leased() {
        Set<String> addresses = new TreeSet<>();
        jnet.json("ipam", "leases")
                .forEach(lease -> addresses.add(lease.path("address").asString()));
        return addresses;
    }
}
