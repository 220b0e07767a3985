package io.jnet.daemon.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Standard output, which knows why it could not be written: a full disk is a failure, a reader that has read enough is none to tell of. */
public final class StandardOutput extends PrintWriter {
    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

    private final Noted stream;
    private final boolean hasReader;

    /**
     * @param stream what it is written to, in UTF-8
     * @param hasReader whether somebody reads it as it is written, whose end keeps it from being written
     */
    StandardOutput(OutputStream stream, boolean hasReader) {
        this(new Noted(stream), hasReader);
    }

    private StandardOutput(Noted stream, boolean hasReader) {
        super(stream, false, StandardCharsets.UTF_8);
        this.stream = stream;
        this.hasReader = hasReader;
    }

    /** That of this process. */
    public static StandardOutput ofProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out), isPipe());
    }

    /** The kernel's words for it are those of the user's language, and cannot be told from others. */
    private static boolean isPipe() {
        try {
            String target = Files.readSymbolicLink(DESCRIPTOR).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException closed) {
            return false;
        }
    }

    /** What kept it from being written, in the kernel's words; empty when nothing did, or when nobody reads it any more. */
    public Optional<String> problem() {
        return Optional.ofNullable(stream.failure).filter(failure -> !hasReader).map(Throwable::getMessage);
    }

    /** Remembers the first failure. */
    private static final class Noted extends FilterOutputStream {
        private IOException failure;

        Noted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException refused) {
                failure = failure == null ? refused : failure;
                throw refused;
            }
        }
    }
}
