package io.jnet.daemon.socket;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of mode 0700 beside a socket's place, in which the socket is bound. A lock in it ends with its process: who comes after one that was
 * killed there removes the folder. Not thread-safe.
 */
final class BindFolder {
    /** The mode of folders that a daemon makes. */
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Logger LOG = LoggerFactory.getLogger(BindFolder.class);
    private static final int MAKE_ATTEMPTS = 5;
    private static final String NAMES = ".j" + "[0-9a-f]".repeat(8);
    /** The lock of one process says nothing to that process itself. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private Optional<FileChannel> lock = Optional.empty();

    private BindFolder(Path folder) {
        this.folder = folder;
    }

    /** One beside a file, by a name of its own; it is not made yet. */
    static BindFolder beside(Path file) {
        String random = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000_0000, Integer.MAX_VALUE));
        return new BindFolder(file.resolveSibling(".j" + random));
    }

    /** Where the socket is bound. */
    Path socket() {
        return folder.resolve("s");
    }

    /** Makes and locks it, in a folder that is there. */
    void make() throws IOException {
        OWN.add(folder);
        FileChannel channel = makeWithLock();
        lock = Optional.of(channel);
        channel.lock();
    }

    /** Again when another process took the folder, still empty, for one of a process that has ended. */
    private FileChannel makeWithLock() throws IOException {
        for (int attempt = 1; ; attempt++) {
            Files.createDirectory(folder, PRIVATE);
            try {
                return FileChannel.open(lockOf(folder), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (NoSuchFileException removed) {
                if (attempt == MAKE_ATTEMPTS) {
                    throw removed;
                }
            }
        }
    }

    /** Removes it, if it is there, with the socket that was bound in it. */
    void remove() throws IOException {
        remove(folder);
        if (lock.isPresent()) {
            lock.get().close();
            lock = Optional.empty();
        }
        OWN.remove(folder);
    }

    private static void remove(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("s"));
        Files.deleteIfExists(lockOf(folder));
        Files.deleteIfExists(folder);
    }

    private static Path lockOf(Path folder) {
        return folder.resolve("lock");
    }

    /** Removes those in which processes were binding that have ended. */
    static void removeAbandoned(Path parent) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, NAMES)) {
            for (Path folder : folders) {
                if (!OWN.contains(folder)) {
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
                remove(folder);
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
}
