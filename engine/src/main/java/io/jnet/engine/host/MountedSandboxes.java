package io.jnet.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Namespaces that runtimes keep by a mount, as Docker does below {@code /run/docker/netns} and CNI's below {@code /run/netns}, or by a
 * process. A file whose mount has gone says nothing.
 */
public final class MountedSandboxes implements Sandboxes {
    private static final Path PROCESSES = Path.of("/proc");
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    /** The mount point, among the fields of a line (proc(5)). */
    private static final int MOUNT_POINT = 4;

    @Override
    public boolean isThere(String sandbox) {
        try {
            Path path = Path.of(sandbox);
            if (!path.isAbsolute() || path.getNameCount() < 2) {
                return false;
            }
            if (path.startsWith(PROCESSES)) {
                // What it leads to: a process that has ended, and that nobody has asked for yet, has the link and no
                // namespace.
                return Files.exists(path);
            }
            String real =
                    path.getParent().toRealPath().resolve(path.getFileName()).toString();
            try (Stream<String> mounts = Files.lines(MOUNTS)) {
                return mounts.anyMatch(line -> isNamespaceAt(line, real));
            }
        } catch (IOException | InvalidPathException gone) {
            return false;
        }
    }

    /** The type follows a lone hyphen, after a number of fields that varies. */
    private static boolean isNamespaceAt(String line, String mountPoint) {
        List<String> fields = Arrays.asList(line.split(" ", -1));
        int type = fields.indexOf("-") + 1;
        return type > MOUNT_POINT
                && type < fields.size()
                && fields.get(type).equals("nsfs")
                && fields.get(MOUNT_POINT).equals(mountPoint);
    }
}
