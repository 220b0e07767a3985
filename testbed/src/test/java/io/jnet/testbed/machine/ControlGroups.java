package io.jnet.testbed.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The control groups that containers leave when nobody lives to remove them. They are the kernel's, not a namespace's. */
final class ControlGroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ControlGroups() {}

    /** Removes the groups of this name and those below, in cgroup v2 and in each v1 hierarchy. */
    static void removeTree(String group) {
        for (Path tree : trees(group.substring(1))) {
            // A group whose last process has just been killed is busy for a moment (cgroup.procs empties after the
            // exit).
            Eventually.holds("control group " + tree + " removed", PATIENCE, () -> removed(tree));
        }
    }

    private static List<Path> trees(String name) {
        try (var hierarchies = Files.list(ROOT)) {
            return Stream.concat(Stream.of(ROOT), hierarchies.filter(Files::isDirectory))
                    .map(hierarchy -> hierarchy.resolve(name))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list control groups", e);
        }
    }

    private static boolean removed(Path tree) {
        try (var walk = Files.walk(tree)) {
            for (Path group : walk.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.deleteIfExists(group);
            }
        } catch (IOException | UncheckedIOException e) {
            return !Files.isDirectory(tree);
        }
        return true;
    }
}
