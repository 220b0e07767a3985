package io.jnet.engine.store;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Copies of the state from before its format changed, beside it: {@code state.lmdb.format-1}. None is ever replaced: where there is one already with
 * other contents, after a way back to the older version, the next one is {@code state.lmdb.format-1-2}.
 */
final class FormatCopy {
    private static final String UNFINISHED = StateStore.FILE + ".copying";
    private static final FileAttribute<?> FOR_OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private FormatCopy() {}

    /**
     * Copies the state, which nobody may be changing, and waits until the copy is on the disk. Where the last copy of this format has the same
     * contents it is enough.
     *
     * @return where the copy is
     * @throws EngineException with {@code INTERNAL} when it cannot be written; nothing is left of it then
     */
    static Path keep(Path directory, int format) {
        Path source = directory.resolve(StateStore.FILE);
        int copies = count(directory, format);
        Path last = path(directory, format, copies);
        Path next = path(directory, format, copies + 1);
        try {
            if (copies > 0 && Files.mismatch(source, last) < 0) {
                return last;
            }
            Path unfinished = directory.resolve(UNFINISHED);
            try {
                copy(source, unfinished);
                Files.move(unfinished, next, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
            flush(directory);
            return next;
        } catch (IOException failed) {
            throw new EngineException(
                    ErrorCode.INTERNAL,
                    "cannot keep a copy of the state in " + next + " before its format changes: " + Reasons.of(failed),
                    failed);
        }
    }

    /** The last copy of the newest format that a version can open. */
    static Optional<Path> newest(Path directory, StateFormat format) {
        return IntStream.iterate(format.current(), one -> one >= format.oldest(), one -> one - 1)
                .filter(one -> count(directory, one) > 0)
                .mapToObj(one -> path(directory, one, count(directory, one)))
                .findFirst();
    }

    private static int count(Path directory, int format) {
        int count = 0;
        while (Files.exists(path(directory, format, count + 1))) {
            count++;
        }
        return count;
    }

    private static Path path(Path directory, int format, int number) {
        String name = StateStore.FILE + ".format-" + format;
        return directory.resolve(number > 1 ? name + "-" + number : name);
    }

    private static void copy(Path source, Path target) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target, options, FOR_OWNER_ONLY)) {
            long size = from.size();
            for (long done = 0; done < size; ) {
                done += from.transferTo(done, size - done, to);
            }
            to.force(true);
        }
    }

    /** A new name is on the disk when the folder is. */
    private static void flush(Path directory) throws IOException {
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
