package io.jnet.daemon.install;

import io.jnet.daemon.host.HostException;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is written down of an installation: each file that jnet has put on the host, and what was in it. Lines of {@code CONTENT TAB PATH},
 * the content as {@link HostFile#contentOf} has it. A file of which an installation that broke off may have put one content or another there
 * has a line for each.
 */
final class InstallationRecord {
    static final Path PLACE = Distribution.HOME.resolve("installed");

    private static final String FOLDER = "folder";
    private static final char SEPARATOR = '\t';

    private final Path file;
    private final Map<Path, Set<String>> contents;

    private InstallationRecord(Path file, Map<Path, Set<String>> contents) {
        this.file = file;
        this.contents = contents;
    }

    /**
     * Reads the one of a root; empty where nothing was installed.
     *
     * @throws HostException when it cannot be read, or says what jnet would not
     */
    static InstallationRecord of(Path root) {
        Path file = HostFile.below(root, PLACE);
        InstallationRecord record = new InstallationRecord(file, new TreeMap<>());
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                int separator = line.lastIndexOf(SEPARATOR);
                Path path = Path.of(line.substring(separator + 1));
                if (separator < 0 || !path.isAbsolute() || !path.equals(path.normalize())) {
                    throw new HostException(
                            file + " is not what jnet install has written: remove what it lists by hand");
                }
                record.plan(path, line.substring(0, separator));
            }
        } catch (IOException unreadable) {
            throw new HostException("cannot read " + file + ": " + Reasons.of(unreadable), unreadable);
        }
        return record;
    }

    /** Whether jnet has put something there. */
    boolean knows(Path target) {
        return contents.containsKey(target);
    }

    /** Whether it is jnet that has put this content there. */
    boolean hasPut(Path target, String content) {
        return contents.getOrDefault(target, Set.of()).contains(content);
    }

    /** Whether it is a folder that jnet has made. */
    boolean isFolder(Path target) {
        return hasPut(target, FOLDER);
    }

    /** All that jnet has put on the host. */
    List<Path> paths() {
        return new ArrayList<>(contents.keySet());
    }

    /** This will be there, and until then what was there before: to be saved before it is done. */
    void plan(Path target, String content) {
        contents.computeIfAbsent(target, none -> new LinkedHashSet<>()).add(content);
    }

    void planFolder(Path target) {
        plan(target, FOLDER);
    }

    /** This is there now, and nothing else. */
    void put(Path target, String content) {
        contents.remove(target);
        plan(target, content);
    }

    void remove(Path target) {
        contents.remove(target);
    }

    /** Writes it down; removes it when nothing is left. */
    void save() {
        try {
            if (contents.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            List<String> lines = new ArrayList<>();
            contents.forEach((path, all) -> all.forEach(content -> lines.add(content + SEPARATOR + path)));
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Folders.make(file.getParent());
            try {
                Files.write(fresh, lines);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException refused) {
            throw new HostException("cannot write " + file + ": " + Reasons.of(refused), refused);
        }
    }
}
