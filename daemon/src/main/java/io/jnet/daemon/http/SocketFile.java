package io.jnet.daemon.http;

import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.PassedSocket;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a listening Unix-domain socket.
 *
 * <p>bind(2) makes the file with the process's umask, which Java cannot set, and refuses a path that exists. So the socket is bound in a fresh
 * folder of mode 0700 beside its place, given mode 0600 there, and renamed to its place: at no time can another user connect, and a stale
 * file is replaced in one step. A lock in that folder ends with its process: who comes after one that was killed there removes the folder.
 *
 * <p>A socket that a service manager has passed has its file already, which is neither replaced nor removed. What was bound in that folder then
 * serves the passed one instead.
 *
 * <p>Not thread-safe; one thread binds, publishes and removes it.
 */
public final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
    /** {@code sun_path} of unix(7) less the terminating zero. */
    private static final int MAX_PATH_BYTES = 107;

    private static final int MAKE_ATTEMPTS = 5;

    private static final String BIND_FOLDERS = ".j" + "[0-9a-f]".repeat(8);
    /** The lock of one process says nothing to that process itself. */
    private static final Set<Path> OWN_BIND_FOLDERS = ConcurrentHashMap.newKeySet();

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");

    private static final Set<PosixFilePermission> GROUP_FILE = PosixFilePermissions.fromString("rw-rw----");
    private static final Set<PosixFilePermission> GROUP_FOLDER = PosixFilePermissions.fromString("rwx--x---");

    private final Path path;
    private final Path bindFolder;
    private final Optional<PassedSocket> passed;
    private boolean bound;
    private Optional<Object> ownKey = Optional.empty();
    private Optional<FileChannel> lock = Optional.empty();

    private SocketFile(Path path, Optional<PassedSocket> passed) {
        String random = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000_0000, Integer.MAX_VALUE));
        this.path = path;
        this.bindFolder = path.resolveSibling(".j" + random);
        this.passed = passed;
        if (tooLong(path) || tooLong(bindPath())) {
            throw new SocketException("socket path " + path + " is too long");
        }
    }

    /**
     * Looks at the place of a socket; changes nothing.
     *
     * @throws SocketException when the path is too long, another daemon answers there, or a file is there that is no socket
     */
    public static SocketFile at(Path path) {
        SocketFile file = new SocketFile(path.toAbsolutePath().normalize(), Optional.empty());
        refuseUnlessStale(file.path);
        return file;
    }

    /** The place of a socket that a service manager listens on. */
    public static SocketFile of(PassedSocket passed) {
        return new SocketFile(passed.path(), Optional.of(passed));
    }

    /** Removes a socket's file whose process was killed; not one that is listened on, and nothing that is no socket. */
    public static void removeStale(Path path) {
        try {
            refuseUnlessStale(path);
            Files.deleteIfExists(path);
        } catch (SocketException | IOException used) {
            LOG.debug("not removed: {}", path, used);
        }
    }

    /** Where the socket is. */
    public Path path() {
        return path;
    }

    /** The file's name without folders. */
    public String name() {
        return Objects.requireNonNull(path.getFileName(), "a file's name").toString();
    }

    /** The socket, when it was passed: who serves it need not bind any. */
    public Optional<PassedSocket> passed() {
        return passed;
    }

    /** Where the socket has to be bound during {@link #bind}. */
    public Path bindPath() {
        return bindFolder.resolve("s");
    }

    /**
     * Makes the folders, the one to bind in too.
     *
     * @throws SocketException when one cannot be made
     */
    public void prepare() {
        Path folder = Objects.requireNonNull(path.getParent(), "a folder");
        try {
            Files.createDirectories(folder, PRIVATE_FOLDER);
            removeAbandoned(folder);
            OWN_BIND_FOLDERS.add(bindFolder);
            FileChannel channel = makeBindFolder();
            lock = Optional.of(channel);
            channel.lock();
        } catch (FileAlreadyExistsException notFolder) {
            throw new SocketException(
                    "cannot make folder " + folder + ": " + notFolder.getFile() + " is no folder", notFolder);
        } catch (IOException failed) {
            throw new SocketException("cannot make folder " + folder + ": " + reason(failed), failed);
        }
    }

    /** Again when another process took the folder, still empty, for one of a process that has ended. */
    private FileChannel makeBindFolder() throws IOException {
        for (int attempt = 1; ; attempt++) {
            Files.createDirectory(bindFolder, PRIVATE_FOLDER);
            try {
                return FileChannel.open(lockOf(bindFolder), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (NoSuchFileException removed) {
                if (attempt == MAKE_ATTEMPTS) {
                    throw removed;
                }
            }
        }
    }

    /**
     * Binds the socket where only this process finds it, after {@link #prepare}.
     *
     * @param bind binds and serves {@link #bindPath()}
     * @throws SocketException when it cannot be bound
     */
    public void bind(Runnable bind) {
        bind.run();
        bound = true;
        try {
            Files.setPosixFilePermissions(bindPath(), PRIVATE_FILE);
        } catch (IOException failed) {
            throw new SocketException("cannot bind socket " + path + ": " + reason(failed), failed);
        }
    }

    /**
     * Lets the members of a group connect to the bound socket, and through its folder, as far as that is a folder that this daemon or one before
     * has made: the others' in it stay closed by their own modes. Of a passed one the file is opened that it has.
     *
     * @throws SocketException when the modes cannot be set
     */
    void openTo(ReaderGroup readers) {
        try {
            setGroup(passed.isPresent() ? path : bindPath(), readers, GROUP_FILE);
            Path folder = Objects.requireNonNull(path.getParent(), "a folder");
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
            if (mode.equals(PRIVATE_FOLDER.value()) || mode.equals(GROUP_FOLDER)) {
                setGroup(folder, readers, GROUP_FOLDER);
            }
        } catch (IOException failed) {
            throw new SocketException("cannot open socket " + path + " to its group: " + reason(failed), failed);
        }
    }

    private static void setGroup(Path file, ReaderGroup readers, Set<PosixFilePermission> mode) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        // A unit that has given its socket to the group already needs no right to do so here.
        if (!view.readAttributes().group().equals(readers.principal())) {
            view.setGroup(readers.principal());
        }
        Files.setPosixFilePermissions(file, mode);
    }

    /**
     * Puts the bound socket in its place, where clients look for it; or has it serve the one that was passed. Nobody accepts from it meanwhile.
     *
     * @throws SocketException when the place cannot be taken
     */
    public void publish() {
        try {
            if (passed.isPresent()) {
                if (bound) {
                    passed.get().putInPlaceOf(bindPath());
                }
                removeBindFolder();
                return;
            }
            ownKey = key(bindPath());
            Files.move(bindPath(), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            removeBindFolder();
        } catch (KernelException refused) {
            throw new SocketException("cannot serve socket " + path + ": " + refused.getMessage(), refused);
        } catch (IOException failed) {
            throw new SocketException("cannot put socket " + path + " in its place: " + reason(failed), failed);
        }
    }

    /** Removes the file and what {@link #prepare} made; but no file by which another process has replaced it. */
    public void remove() {
        try {
            removeBindFolder();
            if (ownKey.isPresent() && key(path).equals(ownKey)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException gone) {
            // Nothing is left to remove, or nothing that this process can: the next daemon replaces it.
            ownKey = Optional.empty();
        }
    }

    private void removeBindFolder() throws IOException {
        removeBindFolder(bindFolder);
        if (lock.isPresent()) {
            lock.get().close();
            lock = Optional.empty();
        }
        OWN_BIND_FOLDERS.remove(bindFolder);
    }

    private static void removeBindFolder(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("s"));
        Files.deleteIfExists(lockOf(folder));
        Files.deleteIfExists(folder);
    }

    private static Path lockOf(Path bindFolder) {
        return bindFolder.resolve("lock");
    }

    /** Removes the folders in which processes were binding that have ended. */
    private static void removeAbandoned(Path parent) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, BIND_FOLDERS)) {
            for (Path folder : folders) {
                if (!OWN_BIND_FOLDERS.contains(folder)) {
                    removeIfAbandoned(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            LOG.debug("not tidied: {}", parent, unreadable);
        }
    }

    private static void removeIfAbandoned(Path folder) throws IOException {
        if (!isOwnFolder(folder)) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(lockOf(folder), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.tryLock() != null) {
                removeBindFolder(folder);
            }
        } catch (NoSuchFileException unlocked) {
            removeIfEmpty(folder);
        }
    }

    /** Its process has ended before it made the lock, or is about to make it, and then makes the folder again. */
    private static void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException locked) {
            LOG.trace("not removed: {}", folder, locked);
        }
    }

    /** Whether it is a folder, not a link to one, of this process's user. */
    private static boolean isOwnFolder(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")));
    }

    /** The kernel's word, which Java puts behind the path, or its own name of the failure. */
    private static String reason(IOException failed) {
        return failed instanceof FileSystemException named && named.getReason() != null
                ? named.getReason()
                : failed.getClass().getSimpleName();
    }

    private static boolean tooLong(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES;
    }

    private static void refuseUnlessStale(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new SocketException(path + " is there and is no socket: not replaced");
            }
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        } catch (IOException stale) {
            // ECONNREFUSED: a file that no process listens on any more.
            return;
        }
        throw new SocketException("another daemon answers on " + path);
    }

    private static Optional<Object> key(Path path) throws IOException {
        return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }
}
