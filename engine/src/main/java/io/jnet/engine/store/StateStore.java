package io.jnet.engine.store;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/** The state of one daemon, open. Holds the folder's lock as long as it is open: a second daemon on the same folder is refused. */
public final class StateStore implements AutoCloseable {
    /** Address space only: the file grows as it is filled. About 100,000 endpoints. */
    static final long MAP_SIZE = 256L << 20;

    /** What lmdbjava puts before the kernel's own words, such as "No space left on device". */
    private static final Pattern PLATFORM_CODE = Pattern.compile("^Platform constant error code: \\w+ ");

    private static final String SHORT_WRITE = "Input/output error";
    /** What some pages of LMDB need, in bytes. */
    private static final long ROOM_OF_PAGES = 64 * 1024;

    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rw-------");

    static final String FILE = "state.lmdb";
    static final String LOCK_FILE = "daemon.lock";
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final int LOCK_ATTEMPTS = 150;
    private static final Duration LOCK_PAUSE = Duration.ofMillis(20);

    private final Path directory;
    private final FileChannel lockChannel;
    private final Env<byte[]> env;
    private final Tables tables;
    private final GroupCommit commits;
    /** Read by those who work with it, written by who closes it. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private volatile boolean closed;

    private StateStore(Path directory, FileChannel lockChannel, Env<byte[]> env) {
        this.directory = directory;
        this.lockChannel = lockChannel;
        this.env = env;
        this.tables = new Tables(env);
        this.commits = new GroupCommit(directory, env, tables);
    }

    /**
     * Opens the state in a folder, made when missing; a new state gets an identity for {@code namespace}, one of an older format is brought to
     * the present one.
     *
     * @throws EngineException with {@code CONFLICT} when another daemon has it open, {@code UNSUPPORTED} when a newer version wrote it,
     *     {@code INTERNAL} when it is damaged or cannot be opened
     */
    public static StateStore open(Path directory, String namespace) {
        return open(directory, namespace, StateFormat.OF_THIS_VERSION, MAP_SIZE);
    }

    /**
     * The same with other formats, or with less room.
     *
     * @param mapSize how large the file may become, in bytes
     */
    static StateStore open(Path directory, String namespace, StateFormat format, long mapSize) {
        makeDirectory(directory);
        FileChannel lock = lock(
                directory,
                "another jnet daemon runs on state folder " + directory
                        + ": stop it, or give this one another --state-dir");
        try {
            requireWhole(directory);
            Env<byte[]> env = openFile(directory, mapSize);
            try {
                new FormatChange(directory, env, format).run();
                StateStore store = new StateStore(directory, lock, env);
                store.identify(namespace, format);
                return store;
            } catch (RuntimeException e) {
                env.close();
                throw e;
            }
        } catch (LmdbException e) {
            releaseLock(lock);
            throw failure(directory, "open", e);
        } catch (RuntimeException e) {
            releaseLock(lock);
            throw e;
        }
    }

    private static Env<byte[]> openFile(Path directory, long mapSize) {
        return Env.create(ByteArrayProxy.PROXY_BA)
                .setMapSize(mapSize)
                .setMaxDbs(Tables.MOST)
                .open(
                        directory.resolve(FILE).toFile(),
                        0600,
                        EnvFlags.MDB_NOSUBDIR,
                        EnvFlags.MDB_NOTLS,
                        // One flush of the disk a commit instead of two; see write.
                        EnvFlags.MDB_NOMETASYNC);
    }

    /** The folder. */
    public Path directory() {
        return directory;
    }

    /** Hands one consistent view to {@code reader}. */
    public <T> T read(Function<StateView, T> reader) {
        begin();
        try (Txn<byte[]> txn = env.txnRead()) {
            return reader.apply(new StateTransaction(tables, txn));
        } catch (LmdbException e) {
            throw failure(directory, "read", e);
        } finally {
            use.readLock().unlock();
        }
    }

    /** Hands all of one consistent view to {@code reader}, as what a person or another program can read. */
    public void export(Consumer<StateExport> reader) {
        begin();
        try (Txn<byte[]> txn = env.txnRead()) {
            reader.accept(new StateExport(tables.all(), txn));
        } catch (LmdbException e) {
            throw failure(directory, "read", e);
        } finally {
            use.readLock().unlock();
        }
    }

    /**
     * What {@link #export} hands out, copied: as long as a view of the store is open no page that a change has freed is used again, so that nobody is
     * to be waited for in one.
     */
    public StateCopy copy() {
        return StateCopy.of(this);
    }

    /**
     * Runs one transaction: it outlives this process when this returns, and is without effect when {@code writer} throws. When the machine
     * itself crashes, the last transaction may be taken back as a whole (lmdb.h, MDB_NOMETASYNC), which is no loss for what such a crash
     * ends anyway: endpoints, ports, settings of the kernel.
     *
     * @param writer must be done soon, and wait for nothing; another thread may run it
     */
    public <T> T write(Function<StateChange, T> writer) {
        return commit(writer, false);
    }

    /** {@link #write} for what must outlive the machine: nobody announces a network again after a reboot. */
    public <T> T writeThrough(Function<StateChange, T> writer) {
        return commit(writer, true);
    }

    /** {@link #write} for what has no result. */
    public void change(Consumer<StateChange> writer) {
        write(resultless(writer));
    }

    /** {@link #writeThrough} for what has no result. */
    public void changeThrough(Consumer<StateChange> writer) {
        writeThrough(resultless(writer));
    }

    private static Function<StateChange, Boolean> resultless(Consumer<StateChange> writer) {
        return state -> {
            writer.accept(state);
            return true;
        };
    }

    private <T> T commit(Function<? super StateTransaction, T> writer, boolean through) {
        begin();
        try {
            return commits.run(writer, through);
        } finally {
            use.readLock().unlock();
        }
    }

    /** LMDB ends the process where a transaction meets a state that was closed under it. */
    private void begin() {
        use.readLock().lock();
        if (closed) {
            use.readLock().unlock();
            throw new EngineException(ErrorCode.INTERNAL, "the state in " + directory + " is closed: jnet is stopping");
        }
    }

    /** Another number after each change, of this process: what is read after it is at least as new. Costs nothing. */
    public long generation() {
        return commits.generation();
    }

    /** Why nothing can be written: what could not be, the last time, is tried again before that is said. Empty when all is well. */
    public Optional<String> trouble() {
        if (commits.trouble().isPresent()) {
            try {
                commit(StateTransaction::probe, true);
            } catch (EngineException still) {
                return Optional.of(String.valueOf(still.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** Waits for what is under way, but not for ever: what a disk that stands still holds up ends with the process. */
    @Override
    public void close() {
        boolean unused = false;
        try {
            unused = use.writeLock().tryLock(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closed = true;
        if (unused) {
            use.writeLock().unlock();
            env.close();
        }
        releaseLock(lockChannel);
    }

    private void identify(String namespace, StateFormat format) {
        writeThrough(state -> {
            if (state.identity().format() == 0) {
                state.put(new StateIdentity(format.current(), newInstance(), namespace));
            }
            return state.identity();
        });
    }

    static void requireWhole(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            StateFile.check(file);
        } catch (StateFile.DamagedException damaged) {
            throw new EngineException(
                    ErrorCode.INTERNAL,
                    "the state in " + file + " is damaged: " + damaged.getMessage()
                            + ": put a copy of it back, or move it away to start without networks",
                    damaged);
        } catch (IOException e) {
            throw new EngineException(ErrorCode.INTERNAL, "cannot read the state in " + file + ": " + Reasons.of(e), e);
        }
    }

    private static String newInstance() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static void makeDirectory(Path directory) {
        try {
            Path absolute = directory.toAbsolutePath();
            if (!Files.isDirectory(absolute)) {
                if (absolute.getParent() != null) {
                    Files.createDirectories(absolute.getParent());
                }
                Files.createDirectory(
                        absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new EngineException(
                    ErrorCode.INTERNAL, "cannot make state folder " + directory + ": " + Reasons.of(e), e);
        }
    }

    /** @param inUse what is said to who cannot have it */
    static FileChannel lock(Path directory, String inUse) {
        Path file = directory.resolve(LOCK_FILE);
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWN));
            // Who may open it may hold the lock. Earlier versions made it for everybody to read.
            Files.setPosixFilePermissions(file, OWN);
            if (!waitForLock(channel, false)) {
                channel.close();
                throw EngineException.conflict(inUse);
            }
            return channel;
        } catch (IOException e) {
            throw new EngineException(ErrorCode.INTERNAL, "cannot lock " + file + ": " + Reasons.of(e), e);
        }
    }

    /** Calls of the CNI plugin without a daemon hold the lock for about a second each. */
    static boolean waitForLock(FileChannel channel, boolean shared) throws IOException {
        for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
            if (tryLock(channel, shared) != null) {
                return true;
            }
            LockSupport.parkNanos(LOCK_PAUSE.toNanos());
        }
        return false;
    }

    private static FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    static EngineException failure(Path directory, String operation, LmdbException cause) {
        boolean isFull = cause instanceof Env.MapFullException || cause instanceof Room.NoneLeftException;
        String reason = isFull
                ? "all of its " + (MAP_SIZE >> 20) + " MiB are in use: remove what is not needed any more"
                : reason(
                        directory,
                        PLATFORM_CODE
                                .matcher(String.valueOf(cause.getMessage()))
                                .replaceFirst(""));
        return new EngineException(
                isFull ? ErrorCode.EXHAUSTED : ErrorCode.INTERNAL,
                "cannot " + operation + " state in " + directory + ": " + reason,
                cause);
    }

    /** A disk that was full in the middle of a page is an input/output error to LMDB (mdb.c, mdb_page_flush: short write). */
    private static String reason(Path directory, String said) {
        if (!said.startsWith(SHORT_WRITE)) {
            return said;
        }
        try {
            boolean full = Files.getFileStore(directory).getUsableSpace() < ROOM_OF_PAGES;
            return full ? "No space left on device (28)" : said;
        } catch (IOException unknown) {
            return said;
        }
    }

    static void releaseLock(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new EngineException(
                    ErrorCode.INTERNAL, "cannot release the state folder's lock: " + Reasons.of(e), e);
        }
    }
}
