package io.jnet.engine.store;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The state as text that whoever reads it may take its time with: in a file of the state's folder that has no name, or in memory where there
 * is no room for one and the state is small.
 */
public final class StateCopy implements AutoCloseable {
    private static final int MOST_IN_MEMORY = 4 << 20;

    private final Optional<FileChannel> file;
    private final ByteArrayOutputStream memory;

    private StateCopy(Optional<FileChannel> file, ByteArrayOutputStream memory) {
        this.file = file;
        this.memory = memory;
    }

    /**
     * Copies the state.
     *
     * @throws EngineException when it can be copied nowhere
     */
    static StateCopy of(StateStore store) {
        try {
            return new StateCopy(Optional.of(inFile(store)), new ByteArrayOutputStream());
        } catch (IOException | UncheckedIOException noRoom) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                store.export(state -> write(state, new Bounded(bytes)));
                return new StateCopy(Optional.empty(), bytes);
            } catch (UncheckedIOException tooLarge) {
                throw new EngineException(
                        ErrorCode.INTERNAL,
                        "cannot copy the state to a file in " + store.directory() + ": " + noRoom.getMessage()
                                + "; stop the daemon, and \"jnet state export\" reads the state itself",
                        noRoom);
            }
        }
    }

    /** In bytes. */
    public long size() throws IOException {
        return file.isPresent() ? file.get().size() : memory.size();
    }

    /** Writes all of it. */
    public void writeTo(OutputStream out) throws IOException {
        if (file.isPresent()) {
            InputStream text = Channels.newInputStream(file.get().position(0));
            text.transferTo(out);
        } else {
            memory.writeTo(out);
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }

    private static FileChannel inFile(StateStore store) throws IOException {
        Path file = store.directory().resolve("export-" + UUID.randomUUID());
        FileChannel copy = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        // On Linux its name goes at once.
                        StandardOpenOption.DELETE_ON_CLOSE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            store.export(state -> write(state, new BufferedOutputStream(Channels.newOutputStream(copy))));
            return copy;
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    private static void write(StateExport state, OutputStream out) {
        try {
            state.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Breaks off where there is too much. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream bytes;

        Bounded(ByteArrayOutputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] some, int offset, int length) throws IOException {
            if (bytes.size() + length > MOST_IN_MEMORY) {
                throw new IOException("more than " + MOST_IN_MEMORY + " bytes");
            }
            bytes.write(some, offset, length);
        }
    }
}
