package io.jnet.daemon.bundle;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.host.WholeFile;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The archive as a file that only its owner may read. */
public final class BundleFile {
    private static final String MODE = "rw-------";

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
        try {
            if (existing == Existing.KEPT) {
                WholeFile.create(absolute, MODE, out -> pack(out, content));
            } else {
                WholeFile.replace(absolute, MODE, out -> pack(out, content));
            }
        } catch (FileAlreadyExistsException there) {
            throw ClientException.of(
                    absolute + " is there: name another file with --output, or replace it with --force");
        } catch (IOException failure) {
            throw ClientException.of("cannot write " + file + ": " + Reasons.of(failure));
        }
    }

    private static void pack(OutputStream out, Map<String, byte[]> content) throws IOException {
        try (TarWriter tar = new TarWriter(new GZIPOutputStream(out), Instant.now())) {
            for (Map.Entry<String, byte[]> one : content.entrySet()) {
                tar.add("jnet-debug/" + one.getKey(), one.getValue());
            }
        }
    }
}
