package io.jnet.daemon.install;

import io.jnet.daemon.host.HostException;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Reasons;
import io.jnet.engine.store.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The state's folder of a host on which there is no network any more. */
public final class KeptState {
    /** Left by the package's prerm when it went while the state was in use. */
    private static final String MARK = "removed-in-use";

    private KeptState() {}

    /**
     * Does what no daemon is to be there for.
     *
     * @throws EngineException when a daemon has the state open
     */
    public static void whileUnused(Path root, Runnable action) {
        StateFolder.whileUnused(in(root), action);
    }

    /**
     * Removes what a daemon has made there: the state, its locks and copies. What somebody else has put there stays.
     *
     * @return what was done, a line or none
     * @throws HostException when it cannot be removed
     */
    public static List<String> remove(Path root) {
        Path folder = in(root);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(KeptState::isOurs).toList()) {
                Files.delete(file);
            }
            Folders.removeIfEmpty(folder);
            return List.of((Files.exists(folder) ? "emptied " : "removed ") + folder);
        } catch (IOException refused) {
            throw new HostException("cannot remove " + folder + ": " + Reasons.of(refused), refused);
        }
    }

    private static Path in(Path root) {
        return HostFile.below(root.toAbsolutePath().normalize(), Path.of(KeptNetworks.STATE));
    }

    private static boolean isOurs(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith("state.lmdb") || name.equals("daemon.lock") || name.equals(MARK);
    }
}
