package io.jnet.daemon.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * A file that is written as a whole or not at all: beside its place, and then put there. The folder may be somebody else's, who would have root write
 * through a link or change the mode of another file: what is written is what was made here, and no link is followed to it.
 */
public final class WholeFile {
    private WholeFile() {}

    /** What is in the file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file, or replaces one that is there.
     *
     * @param mode who may do what with it, whatever the process's file mode creation mask: {@code rw-r--r--}
     * @throws FileSystemException with the reason when there is something else than a file in its place, such as a device or a link
     * @throws IOException when it cannot be written; what was there is as it was
     */
    public static void replace(Path file, String mode, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(file.toString(), null, "it is not a regular file but " + kind(target));
        }
        Path beside = beside(target);
        try {
            write(beside, PosixFilePermissions.fromString(mode), content);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException failure) {
            remove(beside, failure);
            throw failure;
        }
    }

    /**
     * Writes a file where none is.
     *
     * @param mode as for {@link #replace}
     * @throws FileAlreadyExistsException when there is one, or anything else in its place
     * @throws IOException when it cannot be written; nothing is left of it
     */
    public static void create(Path file, String mode, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path beside = beside(target);
        try {
            write(beside, PosixFilePermissions.fromString(mode), content);
            // Unlike a renaming this refuses what has come meanwhile.
            Files.createLink(target, beside);
            Files.delete(beside);
        } catch (IOException | RuntimeException failure) {
            remove(beside, failure);
            throw failure;
        }
    }

    private static Path beside(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".new");
    }

    private static void write(Path file, Set<PosixFilePermission> mode, Content content) throws IOException {
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(mode)))) {
            Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(mode);
            content.writeTo(out);
        }
    }

    private static String kind(Path other) {
        if (Files.isSymbolicLink(other)) {
            return "a link";
        }
        return Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS) ? "a folder" : "a device, a pipe or a socket";
    }

    private static void remove(Path file, Exception cause) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            cause.addSuppressed(left);
        }
    }
}
