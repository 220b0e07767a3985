package io.jnet.daemon.install;

import io.jnet.daemon.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is written down of an installation: each file that jnet has put on the host, and what was in it. Lines of {@code CONTENT TAB PATH},
 * the content as {@link HostFile#contentOf} has it.
 */
final class InstallationRecord {
    static final Path PLACE = Distribution.HOME.resolve("installed");

    private static final char SEPARATOR = '\t';

    private final Path file;
    private final Map<Path, String> contents;

    private InstallationRecord(Path file, Map<Path, String> contents) {
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
        Map<Path, String> contents = new TreeMap<>();
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                int separator = line.lastIndexOf(SEPARATOR);
                Path path = Path.of(line.substring(separator + 1));
                if (separator < 0 || !path.isAbsolute() || !path.equals(path.normalize())) {
                    throw new HostException(
                            file + " is not what jnet install has written: remove what it lists by hand");
                }
                contents.put(path, line.substring(0, separator));
            }
        } catch (IOException unreadable) {
            throw new HostException("cannot read " + file + ": " + Failures.reason(unreadable), unreadable);
        }
        return new InstallationRecord(file, contents);
    }

    /** What jnet has put there; empty when it has put nothing there. */
    String contentOf(Path target) {
        return contents.getOrDefault(target, "");
    }

    /** All that jnet has put on the host. */
    List<Path> paths() {
        return new ArrayList<>(contents.keySet());
    }

    void put(Path target, String content) {
        contents.put(target, content);
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
            contents.forEach((path, content) -> lines.add(content + SEPARATOR + path));
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Folders.make(file.getParent());
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException refused) {
            throw new HostException("cannot write " + file + ": " + Failures.reason(refused), refused);
        }
    }
}
