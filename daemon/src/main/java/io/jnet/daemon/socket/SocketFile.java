package io.jnet.daemon.socket;

import io.jnet.engine.failure.Reasons;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.PassedSocket;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a listening Unix-domain socket.
 *
 * <p>bind(2) makes the file with the process's umask, which Java cannot set, and refuses a path that exists. So the socket is bound in a fresh
 * folder of mode 0700 beside its place ({@link BindFolder}), given mode 0600 there, and renamed to its place: at no time can another user connect,
 * and a stale file is replaced in one step.
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

    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");

    private static final Set<PosixFilePermission> GROUP_FILE = PosixFilePermissions.fromString("rw-rw----");
    private static final Set<PosixFilePermission> GROUP_FOLDER = PosixFilePermissions.fromString("rwx--x---");

    private final Path path;
    private final BindFolder bindFolder;
    private final Optional<PassedSocket> passed;
    private boolean bound;
    private Optional<Object> ownKey = Optional.empty();

    private SocketFile(Path path, Optional<PassedSocket> passed) {
        this.path = path;
        this.bindFolder = BindFolder.beside(path);
        this.passed = passed;
        if (tooLong(path) || tooLong(bindPath())) {
            throw new SocketUnavailableException("socket path " + path + " is too long");
        }
    }

    /**
     * Looks at the place of a socket; changes nothing.
     *
     * @throws SocketUnavailableException when the path is too long, another daemon answers there, or a file is there that is no socket
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
        } catch (SocketUnavailableException | IOException used) {
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
        return bindFolder.socket();
    }

    /**
     * Makes the folders, the one to bind in too.
     *
     * @throws SocketUnavailableException when one cannot be made
     */
    public void prepare() {
        Path folder = Objects.requireNonNull(path.getParent(), "a folder");
        try {
            Files.createDirectories(folder, BindFolder.PRIVATE);
            BindFolder.removeAbandoned(folder);
            bindFolder.make();
        } catch (FileAlreadyExistsException notFolder) {
            throw new SocketUnavailableException(
                    "cannot make folder " + folder + ": " + notFolder.getFile() + " is no folder", notFolder);
        } catch (IOException failed) {
            throw new SocketUnavailableException("cannot make folder " + folder + ": " + Reasons.of(failed), failed);
        }
    }

    /**
     * Binds the socket where only this process finds it, after {@link #prepare}.
     *
     * @param bind binds and serves {@link #bindPath()}
     * @throws SocketUnavailableException when it cannot be bound
     */
    public void bind(Runnable bind) {
        bind.run();
        bound = true;
        try {
            Files.setPosixFilePermissions(bindPath(), PRIVATE_FILE);
        } catch (IOException failed) {
            throw new SocketUnavailableException("cannot bind socket " + path + ": " + Reasons.of(failed), failed);
        }
    }

    /**
     * Lets the members of a group connect to the bound socket, and through its folder, as far as that is a folder that this daemon or one before
     * has made: the others' in it stay closed by their own modes. Of a passed one the file is opened that it has.
     *
     * @throws SocketUnavailableException when the modes cannot be set
     */
    public void openTo(ReaderGroup readers) {
        try {
            setGroup(passed.isPresent() ? path : bindPath(), readers, GROUP_FILE);
            Path folder = Objects.requireNonNull(path.getParent(), "a folder");
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
            if (mode.equals(BindFolder.PRIVATE.value()) || mode.equals(GROUP_FOLDER)) {
                setGroup(folder, readers, GROUP_FOLDER);
            }
        } catch (IOException failed) {
            String remedy = passed.isPresent() ? "; let the unit have SupplementaryGroups= of that group" : "";
            throw new SocketUnavailableException(
                    "cannot open socket " + path + " to its group: " + Reasons.of(failed) + remedy, failed);
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
     * @throws SocketUnavailableException when the place cannot be taken
     */
    public void publish() {
        try {
            if (passed.isPresent()) {
                if (bound) {
                    passed.get().putInPlaceOf(bindPath());
                }
                bindFolder.remove();
                return;
            }
            ownKey = key(bindPath());
            Files.move(bindPath(), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            bindFolder.remove();
        } catch (KernelException refused) {
            throw new SocketUnavailableException("cannot serve socket " + path + ": " + refused.getMessage(), refused);
        } catch (IOException failed) {
            throw new SocketUnavailableException(
                    "cannot put socket " + path + " in its place: " + Reasons.of(failed), failed);
        }
    }

    /** Removes the file and what {@link #prepare} made; but no file by which another process has replaced it. */
    public void remove() {
        try {
            bindFolder.remove();
            if (ownKey.isPresent() && key(path).equals(ownKey)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException gone) {
            // Nothing is left to remove, or nothing that this process can: the next daemon replaces it.
            ownKey = Optional.empty();
        }
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
                throw new SocketUnavailableException(path + " is there and is no socket: not replaced");
            }
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        } catch (IOException stale) {
            // ECONNREFUSED: a file that no process listens on any more.
            return;
        }
        throw new SocketUnavailableException("another daemon answers on " + path);
    }

    private static Optional<Object> key(Path path) throws IOException {
        return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }
}
