package io.jnet.engine.store;

import io.jnet.engine.EngineException;
import io.jnet.engine.ErrorCode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** The state as text, in a file of its folder that has no name. */
final class StateCopy {
    private StateCopy() {}

    /**
     * Writes it.
     *
     * @return the file, open at its beginning; it is gone when it is closed
     */
    static FileChannel of(StateStore store) {
        Path file = store.directory().resolve("export-" + UUID.randomUUID());
        try {
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
                store.export(state -> write(state, copy));
                return copy.position(0);
            } catch (IOException | RuntimeException e) {
                copy.close();
                throw e;
            }
        } catch (IOException | UncheckedIOException e) {
            throw new EngineException(
                    ErrorCode.INTERNAL,
                    "cannot copy the state to a file in " + store.directory() + ": " + e.getMessage(),
                    e);
        }
    }

    private static void write(StateExport state, FileChannel copy) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(copy));
        try {
            state.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
