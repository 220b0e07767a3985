package io.jnet.engine.store;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * A state folder that no daemon has open, read without changing anything there: it may be another host's, an older format's, or on a file system
 * that is read-only.
 *
 * <p>LMDB's own way to read beside a writer wants to write its table of readers into the folder, and who reads without that table must keep the
 * writer away. So the file is copied, under the lock that the daemon takes, and read from the copy: however slowly the reader takes what it
 * asked for, a daemon that starts meanwhile does not wait for it.
 */
public final class StateFolder {
    private StateFolder() {}

    /**
     * Hands over the state in a folder.
     *
     * @throws EngineException with {@code NOT_FOUND} when there is none, {@code CONFLICT} when a daemon has it open, {@code INTERNAL} when it
     *     is damaged or cannot be read
     */
    public static void export(Path directory, Consumer<StateExport> reader) {
        Path source = directory.resolve(StateStore.FILE);
        try (Env<byte[]> env = openCopy(directory, source)) {
            List<Dbi<byte[]>> tables = new ArrayList<>();
            env.getDbiNames().forEach(name -> tables.add(env.openDbi(name)));
            try (Txn<byte[]> txn = env.txnRead()) {
                reader.accept(new StateExport(tables, txn));
            }
        } catch (LmdbException failed) {
            throw StateStore.failure(directory, "read", failed);
        }
    }

    /**
     * Runs something that no daemon is to see half done, with the lock that a daemon takes: one that is started meanwhile waits.
     *
     * @throws EngineException with {@code CONFLICT} when a daemon has the state open, {@code INTERNAL} when the folder cannot be locked
     */
    public static void whileUnused(Path directory, Runnable action) {
        if (!Files.isDirectory(directory)) {
            action.run();
            return;
        }
        FileChannel lock = StateStore.lock(
                directory, "a jnet daemon has the state in " + directory + " open: stop it first, and what starts it");
        try {
            action.run();
        } finally {
            StateStore.releaseLock(lock);
        }
    }

    private static Env<byte[]> openCopy(Path directory, Path source) {
        Path folder = temporaryFolder();
        Path copy = folder.resolve(StateStore.FILE);
        try {
            copyLocked(directory, source, copy);
            return Env.create(ByteArrayProxy.PROXY_BA)
                    .setMapSize(StateStore.MAP_SIZE)
                    .setMaxDbs(Tables.MOST)
                    .open(
                            copy.toFile(),
                            EnvFlags.MDB_NOSUBDIR,
                            EnvFlags.MDB_RDONLY_ENV,
                            EnvFlags.MDB_NOLOCK,
                            EnvFlags.MDB_NOTLS);
        } finally {
            // What is open stays readable, and nothing stays behind however this process ends.
            remove(copy);
            remove(folder);
        }
    }

    private static void copyLocked(Path directory, Path source, Path copy) {
        Optional<FileChannel> lock = lock(directory);
        try {
            if (isEmpty(source)) {
                throw EngineException.notFound("there is no state in " + directory);
            }
            StateStore.requireWhole(directory);
            Files.copy(source, copy);
        } catch (IOException failed) {
            throw failure("read the state in " + source, failed);
        } finally {
            lock.ifPresent(StateStore::releaseLock);
        }
        // Whoever opens a state makes the lock's file first.
        if (lock.isEmpty() && Files.exists(directory.resolve(StateStore.LOCK_FILE))) {
            throw inUse(directory);
        }
    }

    /** Empty where no daemon has ever been: in a copy of the file. */
    private static Optional<FileChannel> lock(Path directory) {
        Path file = directory.resolve(StateStore.LOCK_FILE);
        try {
            // A lock that others can share as well is had without the permission to write.
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            if (!StateStore.waitForLock(channel, true)) {
                channel.close();
                throw inUse(directory);
            }
            return Optional.of(channel);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw failure("lock " + file, failed);
        }
    }

    private static boolean isEmpty(Path source) throws IOException {
        return Files.notExists(source) || (Files.isRegularFile(source) && Files.size(source) == 0);
    }

    private static EngineException inUse(Path directory) {
        return EngineException.conflict("a jnet daemon has the state in " + directory
                + " open: ask it, with --socket where its socket is another one than usual");
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("jnet-state-");
        } catch (IOException failed) {
            throw failure("make a folder for a copy of the state in " + System.getProperty("java.io.tmpdir"), failed);
        }
    }

    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException failed) {
            throw failure("remove " + path, failed);
        }
    }

    private static EngineException failure(String operation, IOException cause) {
        return new EngineException(ErrorCode.INTERNAL, "cannot " + operation + ": " + Reasons.of(cause), cause);
    }
}
