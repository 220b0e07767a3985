package io.jnet.daemon.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Standard output, which knows why it could not be written: a full disk is a failure, a reader that has read enough is none to tell of. */
public final class StandardOutput extends PrintWriter {
    private static final String READER_HAS_ENDED = "Broken pipe";

    private final Noted stream;

    /**
     * @param stream what it is written to, in UTF-8
     */
    public StandardOutput(OutputStream stream) {
        this(new Noted(stream));
    }

    private StandardOutput(Noted stream) {
        super(stream, false, StandardCharsets.UTF_8);
        this.stream = stream;
    }

    /** What kept it from being written, in the kernel's words; empty when nothing did, or when nobody reads it any more. */
    public Optional<String> problem() {
        return Optional.ofNullable(stream.failure)
                .map(Throwable::getMessage)
                .filter(reason -> !reason.equals(READER_HAS_ENDED));
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
