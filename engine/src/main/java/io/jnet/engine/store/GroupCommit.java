package io.jnet.engine.store;

import io.jnet.engine.failure.EngineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * Writes to the state. LMDB has one writer at a time, and each commit waits for the disk: what comes in meanwhile is committed together by
 * the next thread whose turn it is, each in a transaction of its own inside a common one, so that a hundred containers that end at once wait for a few
 * flushes and not for hundreds.
 */
final class GroupCommit {
    private final Path directory;
    private final Env<byte[]> env;
    private final Tables tables;
    private final Lock turn = new ReentrantLock();
    /** Why the last commit failed; empty when it did not. */
    private volatile Optional<String> trouble = Optional.empty();

    private final AtomicLong generation = new AtomicLong();

    private final Queue<Write<?>> waiting = new ConcurrentLinkedQueue<>();

    GroupCommit(Path directory, Env<byte[]> env, Tables tables) {
        this.directory = directory;
        this.env = env;
        this.tables = tables;
    }

    /**
     * Runs a transaction, perhaps in another thread that commits its own at the same time.
     *
     * @param through whether it outlives the machine, and not only this process
     */
    <T> T run(Function<? super StateTransaction, T> writer, boolean through) {
        Write<T> write = new Write<>(writer, through);
        waiting.add(write);
        turn.lock();
        try {
            if (!write.isDone()) {
                commitWaiting();
            }
        } finally {
            turn.unlock();
        }
        return write.result();
    }

    /** Why what was last to be kept could not be kept; empty when it was. */
    Optional<String> trouble() {
        return trouble;
    }

    /** Another number after each change. */
    long generation() {
        return generation.get();
    }

    /** How many transactions wait for their turn. */
    int waiting() {
        return waiting.size();
    }

    private void commitWaiting() {
        List<Write<?>> group = new ArrayList<>();
        for (Write<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            group.add(next);
        }
        try (Txn<byte[]> txn = env.txnWrite()) {
            if (group.size() == 1) {
                group.get(0).runIn(txn);
            } else {
                group.forEach(write -> runInside(txn, write));
            }
            if (group.stream().anyMatch(Write::isGood)) {
                txn.commit();
                generation.incrementAndGet();
                trouble = Optional.empty();
            }
        } catch (LmdbException failed) {
            group.forEach(write -> write.fail(failure("write", failed)));
        } finally {
            // Also what an error has kept from running.
            group.forEach(Write::end);
        }
        if (group.stream().anyMatch(write -> write.through && write.isGood())) {
            try {
                env.sync(true);
            } catch (LmdbException failed) {
                group.stream().filter(write -> write.through).forEach(write -> write.fail(failure("flush", failed)));
            }
        }
    }

    private EngineException failure(String operation, LmdbException cause) {
        EngineException failure = StateStore.failure(directory, operation, cause);
        trouble = Optional.of(String.valueOf(failure.getMessage()));
        return failure;
    }

    private void runInside(Txn<byte[]> common, Write<?> write) {
        try (Txn<byte[]> own = env.txn(common)) {
            write.runIn(own);
            if (write.isGood()) {
                own.commit();
            }
        }
    }

    /** One caller's transaction; touched by whoever has the turn. */
    private final class Write<T> {
        private final Function<? super StateTransaction, T> writer;
        private final boolean through;
        private T result;
        private Throwable failure;
        private boolean ran;
        private boolean ended;

        Write(Function<? super StateTransaction, T> writer, boolean through) {
            this.writer = writer;
            this.through = through;
        }

        void runIn(Txn<byte[]> txn) {
            ran = true;
            try {
                result = writer.apply(new StateTransaction(tables, txn));
            } catch (LmdbException broken) {
                fail(failure("write", broken));
            } catch (RuntimeException | Error thrown) {
                failure = thrown;
            }
        }

        boolean isGood() {
            return ran && failure == null;
        }

        boolean isDone() {
            return ended;
        }

        /** What it threw itself says more. */
        void fail(RuntimeException cause) {
            if (failure == null) {
                failure = cause;
            }
        }

        void end() {
            ended = true;
            if (!ran && failure == null) {
                failure = new IllegalStateException("a transaction did not run");
            }
        }

        T result() {
            if (failure instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (failure instanceof Error thrown) {
                throw thrown;
            }
            return result;
        }
    }
}
