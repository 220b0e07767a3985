package io.jnet.daemon.install;

import io.jnet.daemon.host.HostException;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that jnet puts on a host.
 *
 * @param target where, as an absolute path of the host
 * @param source what is copied there; or, for a symbolic link, where that leads
 * @param kind what becomes of it when its owner has changed it
 */
record HostFile(Path target, Path source, Kind kind) {
    /** What a file is to the host's owner. */
    enum Kind {
        /** jnet's own program: always that of the version that is installed. */
        PROGRAM,
        /** A symbolic link. */
        LINK,
        /** Something that an owner may have changed, who is not overruled. */
        SETTINGS
    }

    private static final String PROGRAM_MODE = "rwxr-xr-x";
    private static final String FILE_MODE = "rw-r--r--";
    private static final int BUFFER = 64 * 1024;

    /** What the file has in it when it is installed: in the form of {@link #contentOf}. */
    String content() {
        return kind == Kind.LINK ? "-> " + source : contentOf(source);
    }

    /**
     * What a file has in it: a link's target, another's SHA-256 in hex; empty when there is none.
     *
     * @throws HostException when it cannot be read, or is no file
     */
    static String contentOf(Path file) {
        try {
            if (Files.isSymbolicLink(file)) {
                return "-> " + Files.readSymbolicLink(file);
            }
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? hash(file) : "";
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        } catch (UncheckedIOException unreadable) {
            throw unreadable(file, unreadable.getCause());
        }
    }

    private static HostException unreadable(Path file, IOException cause) {
        return new HostException("cannot read " + file + ": " + Reasons.of(cause), cause);
    }

    /**
     * Puts it in its place below a root, in one step: who has the old one open keeps it.
     *
     * @throws HostException when it cannot be written
     */
    void install(Path root) {
        Path place = below(root);
        Path fresh = place.resolveSibling(".jnet-" + place.getFileName() + ".new");
        try {
            Folders.make(place.getParent());
            Files.deleteIfExists(fresh);
            if (kind == Kind.LINK) {
                Files.createSymbolicLink(fresh, source);
            } else {
                Files.copy(source, fresh);
                String mode = kind == Kind.PROGRAM && Files.isExecutable(source) ? PROGRAM_MODE : FILE_MODE;
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
            }
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException refused) {
            removeUnfinished(fresh, refused);
            throw new HostException("cannot write " + place + ": " + Reasons.of(refused), refused);
        }
    }

    private static void removeUnfinished(Path fresh, IOException refused) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException alsoRefused) {
            refused.addSuppressed(alsoRefused);
        }
    }

    /** Its place below a root. */
    Path below(Path root) {
        return below(root, target);
    }

    static Path below(Path root, Path target) {
        return root.resolve(target.toString().substring(1));
    }

    private static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                digest.update(buffer, 0, length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
