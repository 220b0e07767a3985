package io.jnet.daemon.install;

import io.jnet.daemon.host.HostException;
import io.jnet.daemon.install.HostFile.Kind;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * jnet's files on a host, or below a folder that becomes one. Installing again does what is left to do; another version replaces what the
 * one before has put there. What the owner has changed stays, and is told. Used by one thread.
 */
public final class Installation {
    /** dpkg removes it with the package; others stay until a purge, as the list of files does. */
    private static final Path PACKAGE = Path.of("/var/lib/dpkg/info/jnet.prerm");

    /** dpkg keeps it from the removal to the purge, which takes away the configuration, whose ever that is then. */
    private static final Path REMOVED_PACKAGE = Path.of("/var/lib/dpkg/info/jnet.postrm");

    private static final Path OWN_UNITS = Path.of("/etc/systemd/system");

    private final Path root;
    private final Path home;
    private final List<String> done = new ArrayList<>();

    /**
     * @param root the folder that the host's files are below: {@code /}, or any other
     * @param home the distribution that is installed
     * @throws HostException when there is no such folder, or a package has jnet installed there
     */
    public Installation(Path root, Path home) {
        this.root = root.toAbsolutePath().normalize();
        this.home = home.toAbsolutePath().normalize();
        if (!Files.isDirectory(this.root)) {
            throw new HostException("no folder " + this.root);
        }
        if (Files.exists(below(PACKAGE))) {
            throw new HostException("jnet is installed by a package: use apt for it, or remove the package first");
        }
    }

    /**
     * Installs what is not there.
     *
     * @return what was done, a line each; empty when there was nothing to do
     * @throws HostException when something is in the way, what is left of a package among it, or cannot be written
     */
    public List<String> install() {
        if (Files.exists(below(REMOVED_PACKAGE))) {
            throw new HostException(
                    "a package of jnet was removed and not purged, and dpkg would remove "
                            + below(Distribution.CONFIGURATION)
                            + " with what is left of it: run \"apt purge jnet\" first, and keep a copy of that file if it is yours");
        }
        Distribution distribution = Distribution.in(home);
        InstallationRecord record = InstallationRecord.of(root);
        boolean atHome = distribution.isAtHome(root);
        List<HostFile> programs = atHome ? List.of() : distribution.programs();
        List<HostFile> files = new ArrayList<>(programs);
        files.addAll(distribution.surroundings());
        files.forEach(file -> refuseIfInTheWay(file, record));
        // Written down before it is done: what breaks off in the middle can be removed, and is not taken for the
        // owner's changes.
        files.forEach(file -> plan(file, record));
        record.save();
        long copied = programs.stream().filter(file -> put(file, record)).count();
        if (copied > 0) {
            done.add("installed " + below(Distribution.HOME) + ", " + copied + " files");
        }
        distribution.surroundings().forEach(file -> {
            if (put(file, record)) {
                done.add("installed " + file.below(root));
            }
        });
        if (!atHome) {
            removeObsolete(files, record);
        }
        record.save();
        tellOwnUnits();
        return done;
    }

    /**
     * Removes what {@link #install} has put there, but what its owner has changed.
     *
     * @return what was done, a line each; empty when nothing was installed
     * @throws HostException when something cannot be removed
     */
    public List<String> uninstall() {
        InstallationRecord record = InstallationRecord.of(root);
        List<Path> paths = record.paths();
        if (paths.isEmpty()) {
            return done;
        }
        List<Path> folders = new ArrayList<>();
        int programs = 0;
        for (Path path : paths) {
            if (record.isFolder(path)) {
                folders.add(path);
            } else if (remove(path, record)) {
                if (path.startsWith(Distribution.HOME)) {
                    programs++;
                } else {
                    done.add("removed " + below(path));
                }
            }
            record.remove(path);
        }
        removeMade();
        record.save();
        folders.sort(Comparator.reverseOrder());
        folders.forEach(this::removeIfEmpty);
        if (programs > 0) {
            done.add("removed " + below(Distribution.HOME) + ", " + programs + " files");
        }
        return done;
    }

    private void refuseIfInTheWay(HostFile file, InstallationRecord record) {
        String there = HostFile.contentOf(file.below(root));
        boolean foreign = !there.isEmpty() && !record.knows(file.target());
        if (foreign && file.kind() == Kind.LINK && !there.equals(file.content())) {
            throw new HostException(file.below(root) + " is there and not jnet's: remove it first");
        }
    }

    private void plan(HostFile file, InstallationRecord record) {
        String there = HostFile.contentOf(file.below(root));
        boolean stays = file.kind() == Kind.SETTINGS && isChanged(file, there, record);
        if (!stays && !there.equals(file.content())) {
            planFolders(file.target(), record);
            record.plan(file.target(), file.content());
        }
    }

    private static boolean isChanged(HostFile file, String there, InstallationRecord record) {
        return !there.isEmpty() && !there.equals(file.content()) && !record.hasPut(file.target(), there);
    }

    /** Whether the file was written. */
    private boolean put(HostFile file, InstallationRecord record) {
        String wanted = file.content();
        String there = HostFile.contentOf(file.below(root));
        boolean changed = isChanged(file, there, record);
        if (changed && file.kind() == Kind.SETTINGS) {
            done.add("kept, since it was changed: " + file.below(root) + "; jnet's own is " + file.source());
            return false;
        }
        if (changed) {
            done.add("replaced, though it was changed: " + file.below(root));
        }
        if (!there.equals(wanted)) {
            file.install(root);
        }
        record.put(file.target(), wanted);
        return !there.equals(wanted);
    }

    /** Those that are made for it are removed with it. */
    private void planFolders(Path target, InstallationRecord record) {
        for (Path folder = target.getParent(); !Files.exists(below(folder)); folder = folder.getParent()) {
            record.planFolder(folder);
        }
    }

    private void removeObsolete(List<HostFile> files, InstallationRecord record) {
        Set<Path> wanted = new HashSet<>();
        files.forEach(file -> wanted.add(file.target()));
        for (Path path : record.paths()) {
            if (!wanted.contains(path) && !record.isFolder(path)) {
                remove(path, record);
                record.remove(path);
            }
        }
    }

    /** Whether it was there and is removed. */
    private boolean remove(Path path, InstallationRecord record) {
        Path file = below(path);
        String there = HostFile.contentOf(file);
        if (there.isEmpty()) {
            return false;
        }
        if (!record.hasPut(path, there)) {
            done.add("kept, since it was changed: " + file);
            return false;
        }
        delete(file);
        return true;
    }

    private void removeMade() {
        for (String made : Distribution.MADE_THERE) {
            delete(below(Distribution.HOME).resolve(made));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException refused) {
            throw new HostException("cannot remove " + file + ": " + Reasons.of(refused), refused);
        }
    }

    private void removeIfEmpty(Path folder) {
        try {
            Folders.removeIfEmpty(below(folder));
        } catch (IOException refused) {
            throw new HostException("cannot remove " + below(folder) + ": " + Reasons.of(refused), refused);
        }
    }

    /** Units of that folder come before those of packages (systemd.unit(5)). */
    private void tellOwnUnits() {
        for (String name : List.of("jnet.service", "jnet.socket")) {
            Path own = below(OWN_UNITS.resolve(name));
            if (Files.exists(own)) {
                done.add("note: " + own + " takes the place of " + below(Distribution.UNITS.resolve(name)));
            }
        }
    }

    private Path below(Path path) {
        return HostFile.below(root, path);
    }
}
