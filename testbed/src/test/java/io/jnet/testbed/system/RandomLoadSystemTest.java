package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginClient;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.dump.ProcessDump;
import io.jnet.testbed.load.Expected;
import io.jnet.testbed.load.RandomUser;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Questions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sixty-four users make and remove networks, endpoints and ports at random while the daemon is killed, again and again: what they were told is
 * what is there, and nothing is left of it in the end. For ten minutes with {@code -Djnet.long=true}.
 */
@SystemTest
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomLoadSystemTest {
    private static final int USERS = 64;
    private static final boolean LONG = Boolean.getBoolean("jnet.long");
    private static final int DEATHS = LONG ? 20 : 3;
    private static final Duration LIFE = LONG ? Duration.ofSeconds(20) : Duration.ofSeconds(4);
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final Duration QUIET_LIFE = Duration.ofMinutes(3);
    /** Of what a process holds when it has done the work for a third of the time. */
    private static final double MOST_GROWTH = 1.25;

    private final Expected expected = new Expected();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();
    /** Taken for reading by each step of a user, for writing by who compares; fair, else the users would never let anybody compare. */
    private final ReadWriteLock pause = new ReentrantReadWriteLock(true);

    private final List<Future<?>> results = new ArrayList<>();
    private Lab lab;
    private JnetDaemon jnet;

    @BeforeEach
    void start() {
        lab = Lab.open();
        jnet = JnetDaemon.start(lab.host());
    }

    @AfterEach
    void close() {
        ended.set(true);
        lab.close();
    }

    @Test
    void whatUsersWereToldIsWhatIsThere() throws Exception {
        jnet.stop();
        HostDump untouched = HostDump.of(lab.host());
        jnet.startAgain();
        try (PluginClient client = connect()) {
            RandomUser.makeSharedNetworks(client, expected);
            RandomUser.removeSharedNetworks(client, expected);
        }
        ProcessDump fresh = ProcessDump.of(jnet.pid());
        try (PluginClient client = connect()) {
            RandomUser.makeSharedNetworks(client, expected);
        }
        List<RandomUser> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            users.add(new RandomUser(i, this::connect, expected, pause.readLock(), ended, answers));
        }
        ExecutorService threads = Executors.newFixedThreadPool(USERS);
        try {
            users.forEach(user -> results.add(threads.submit(user)));
            for (int death = 1; death <= DEATHS; death++) {
                work(LIFE);
                jnet.kill();
                jnet.startAgain();
                compare("after death " + death);
            }
            if (LONG) {
                liveQuietly();
            }
        } finally {
            ended.set(true);
            threads.shutdown();
        }
        for (Future<?> result : results) {
            result.get();
        }
        compare("at the end");
        leave(users);
        assertThat(Eventually.settled(SETTLED, () -> fresh.growth(ProcessDump.of(jnet.pid())), String::isEmpty))
                .as("what the daemon holds more than a new one")
                .isEmpty();
        jnet.stop();
        assertThat(Eventually.settled(SETTLED, () -> untouched.difference(HostDump.of(lab.host())), String::isEmpty))
                .isEmpty();
        System.out.printf("%d answers, %d deaths%n", answers.get(), DEATHS);
    }

    /** Nobody is killed, so that what one process collects can be seen. */
    private void liveQuietly() throws InterruptedException {
        work(QUIET_LIFE.dividedBy(3));
        long before = memory();
        work(QUIET_LIFE.dividedBy(3).multipliedBy(2));
        long after = memory();
        System.out.printf("memory %d kB, then %d kB%n", before, after);
        assertThat(after).as("kB in use").isLessThan((long) (before * MOST_GROWTH));
        compare("after a quiet time");
    }

    /** All of it goes. */
    private void leave(List<RandomUser> users) {
        try (Questions questions = new Questions()) {
            List<Supplier<Boolean>> left = users.stream()
                    .map(user -> questions.ask(() -> {
                        user.leaveEverything();
                        return true;
                    }))
                    .toList();
            assertThat(left).allMatch(Supplier::get);
        }
        try (PluginClient client = connect()) {
            RandomUser.removeSharedNetworks(client, expected);
        }
        compare("when all have left");
    }

    private void work(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end && results.stream().noneMatch(Future::isDone)) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void compare(String when) {
        pause.writeLock().lock();
        try {
            assertThat(expected.difference(jnet.json("network", "ls"), jnet.json("endpoint", "ls"), hostLinks()))
                    .as(when)
                    .isEmpty();
        } finally {
            pause.writeLock().unlock();
        }
    }

    private Set<String> hostLinks() {
        return new TreeSet<>(lab.host()
                .shell("ip -o link show | sed -nE 's/^[0-9]+: (jv[0-9a-f]{13})@.*/\\1/p'")
                .lines()
                .toList());
    }

    private PluginClient connect() {
        return PluginClient.connect(lab.host().outsidePathOf(JnetDaemon.PLUGIN_SOCKET));
    }

    /** Resident, in kB. */
    private long memory() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(jnet.pid()), "smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Rss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
