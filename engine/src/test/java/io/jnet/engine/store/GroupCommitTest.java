package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

class GroupCommitTest {
    private static final int WRITERS = 50;

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Env<byte[]> env;
    private Tables tables;
    private GroupCommit commits;

    @BeforeEach
    void open() {
        env = Env.create(ByteArrayProxy.PROXY_BA)
                .setMapSize(16L << 20)
                .setMaxDbs(Tables.MOST)
                .open(directory.resolve("state").toFile(), 0600, EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOTLS);
        tables = new Tables(env);
        commits = new GroupCommit(directory, env, tables);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        env.close();
    }

    /** A third of them fail after they have written. */
    @Test
    void whatWaitsIsCommittedTogetherAndWhatFailsIsWithoutEffect() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Future<?> first = threads.submit(() -> commits.run(
                state -> {
                    begun.countDown();
                    await(go);
                    put(state, "first");
                    return state;
                },
                false));
        begun.await();
        List<Future<Integer>> others = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            others.add(threads.submit(() -> commits.run(state -> written(state, number), number % 2 == 0)));
        }
        while (commits.waiting() < WRITERS) {
            LockSupport.parkNanos(1_000_000);
        }
        long before = env.info().lastTransactionId;
        go.countDown();
        first.get();
        for (int i = 0; i < WRITERS; i++) {
            Future<Integer> other = others.get(i);
            if (i % 3 == 0) {
                assertThatThrownBy(other::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasRootCauseMessage("refused " + i);
            } else {
                assertThat(other.get()).isEqualTo(i);
            }
        }
        assertThat(env.info().lastTransactionId - before)
                .as("the first one's and one for all others")
                .isEqualTo(2);
        assertThat(isThere("first")).isTrue();
        for (int i = 0; i < WRITERS; i++) {
            assertThat(isThere("key " + i)).as("key " + i).isEqualTo(i % 3 != 0);
        }
    }

    /** Each sees what those before it have written. */
    @Test
    void transactionsFollowOneAnother() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            all.add(threads.submit(() -> commits.run(
                    state -> {
                        RecordTable table = state.table(SideTable.POOL);
                        int sum = table.get(key("sum"))
                                .map(bytes -> Integer.parseInt(new String(bytes, UTF_8)))
                                .orElse(0);
                        table.put(key("sum"), Integer.toString(sum + 1).getBytes(UTF_8));
                        return sum;
                    },
                    false)));
        }
        for (Future<?> one : all) {
            one.get();
        }
        try (Txn<byte[]> txn = env.txnRead()) {
            assertThat(new StateTransaction(tables, txn).table(SideTable.POOL).get(key("sum")))
                    .hasValueSatisfying(
                            bytes -> assertThat(new String(bytes, UTF_8)).isEqualTo("" + WRITERS));
        }
    }

    private static int written(StateChange state, int number) {
        put(state, "key " + number);
        if (number % 3 == 0) {
            throw new IllegalArgumentException("refused " + number);
        }
        return number;
    }

    private static void put(StateChange state, String key) {
        state.table(SideTable.POOL).put(key(key), key("value"));
    }

    private boolean isThere(String key) {
        try (Txn<byte[]> txn = env.txnRead()) {
            return new StateTransaction(tables, txn)
                    .table(SideTable.POOL)
                    .get(key(key))
                    .isPresent();
        }
    }

    private static byte[] key(String text) {
        return text.getBytes(UTF_8);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
