package io.jnet.daemon.bundle;

import io.jnet.daemon.client.ClientException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** The archive as a file that only its owner may read. */
public final class BundleFile {
    private BundleFile() {}

    /** What becomes of a file that is there. */
    public enum Existing {
        KEPT,
        REPLACED
    }

    /**
     * Writes it: whole, or not at all.
     *
     * @throws ClientException when there is one that is to be kept, or it cannot be written
     */
    public static void write(Path file, Map<String, byte[]> content, Existing existing) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw ClientException.of("cannot write " + file + ": there is no folder " + folder);
        }
        Path written = existing == Existing.KEPT
                ? absolute
                : folder.resolve("." + absolute.getFileName() + "."
                        + ProcessHandle.current().pid());
        try {
            pack(written, content);
            if (existing == Existing.REPLACED) {
                Files.move(written, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (FileAlreadyExistsException there) {
            throw ClientException.of(
                    written + " is there: name another file with --output, or replace it with --force");
        } catch (IOException failure) {
            remove(written);
            throw ClientException.of("cannot write " + file + ": " + failure.getMessage());
        }
    }

    private static void pack(Path file, Map<String, byte[]> content) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode));
                TarWriter tar = new TarWriter(new GZIPOutputStream(out), Instant.now())) {
            for (Map.Entry<String, byte[]> one : content.entrySet()) {
                tar.add("jnet-debug/" + one.getKey(), one.getValue());
            }
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            throw ClientException.of("cannot remove " + file + ": " + left.getMessage());
        }
    }
}
