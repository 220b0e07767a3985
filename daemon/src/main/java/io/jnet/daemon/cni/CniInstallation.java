package io.jnet.daemon.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.daemon.host.HostException;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The plugin where container runtimes look for it: links to {@code jnet-cni} by the plugin's name, and by {@code loopback} where no other
 * has that, and a configuration. Everything is put in its place by a rename, since runtimes watch these folders.
 */
public final class CniInstallation {
    private static final String PLUGIN = "jnet";
    private static final String LOOPBACK = "loopback";
    private static final String DEFAULT_NETWORK = "jnet";
    private static final String CONFIGURATION = "10-jnet.conflist";
    /** libcni before 1.2 reads {@code cniVersion} alone; later ones take the highest of both that they know (libcni/conf.go). */
    private static final String TEMPLATE =
            """
                {
                  "cniVersion": "1.0.0",
                  "cniVersions": ["1.0.0", "1.1.0"],
                  "name": "%s",
                  "plugins": [
                    {
                      "type": "jnet",
                      "isDefaultGateway": true,
                      "ipMasq": true,
                      "ipam": {"type": "jnet"%s},
                      "capabilities": {"portMappings": true, "bandwidth": true, "ips": true, "mac": true, "dns": true, "aliases": true}
                    }
                  ]
                }
                """;

    /** What {@link #configuration} makes of any network and range. */
    private static final Pattern WRITTEN =
            Pattern.compile(Pattern.quote(TEMPLATE).replace("%s", "\\E[^\"\n]*(?:\"[^\"]*\": \"[^\"]*\")?\\Q"));

    private final Path executable;
    private final List<Path> folders;
    private final Path configurations;

    /**
     * @param executable {@code jnet-cni} of the distribution
     * @param folders where runtimes look for plugins
     * @param configurations where they look for configurations
     */
    public CniInstallation(Path executable, List<Path> folders, Path configurations) {
        this.executable = executable;
        this.folders = List.copyOf(folders);
        this.configurations = configurations;
    }

    /**
     * Installs what is not there; what is there and jnet's is left as it is.
     *
     * @param network the network's name; absent: {@code jnet}, or that of the configuration that is there
     * @param subnet its range; absent: one is chosen with the first container
     * @return what was done, a line each
     * @throws HostException when something of another owner is in the way, a configuration is there that says something else, or a file
     *     cannot be written
     */
    public List<String> install(Optional<String> network, Optional<String> subnet) {
        List<String> done = new ArrayList<>();
        if (!Files.isExecutable(executable)) {
            throw new HostException("no executable " + executable + ": install a complete distribution of jnet");
        }
        for (Path folder : folders) {
            Path plugin = folder.resolve(PLUGIN);
            if (exists(plugin) && !isOurs(plugin)) {
                throw new HostException(
                        plugin + " is there and not a link to jnet-cni: remove it, or choose another --bin-dir");
            }
        }
        Path configuration = configurations.resolve(CONFIGURATION);
        try {
            Optional<KeptConfiguration> kept =
                    exists(configuration) ? Optional.of(KeptConfiguration.read(configuration)) : Optional.empty();
            kept.ifPresent(there -> there.require(network, subnet));
            Files.createDirectories(configurations);
            for (Path folder : folders) {
                Files.createDirectories(folder);
                link(folder.resolve(PLUGIN), done);
                Path loopback = folder.resolve(LOOPBACK);
                if (!exists(loopback) || isOurs(loopback)) {
                    link(loopback, done);
                }
            }
            if (kept.isPresent()) {
                done.add("kept " + configuration + ", " + kept.get().description());
            } else {
                configure(configuration, network.orElse(DEFAULT_NETWORK), subnet, done);
            }
            return done;
        } catch (IOException refused) {
            throw failure(refused);
        }
    }

    /**
     * Removes what {@link #install} made; what somebody else has put in its place stays.
     *
     * @return what was done, a line each
     */
    public List<String> uninstall() {
        List<String> done = new ArrayList<>();
        try {
            for (Path folder : folders) {
                remove(folder.resolve(PLUGIN), done);
                remove(folder.resolve(LOOPBACK), done);
            }
            Path configuration = configurations.resolve(CONFIGURATION);
            if (exists(configuration)) {
                boolean written =
                        WRITTEN.matcher(Files.readString(configuration)).matches();
                if (written) {
                    Files.delete(configuration);
                }
                done.add((written ? "removed " : "kept, since it was changed: ") + configuration);
            }
            return done;
        } catch (IOException refused) {
            throw failure(refused);
        }
    }

    private void link(Path link, List<String> done) throws IOException {
        if (exists(link) && Files.readSymbolicLink(link).equals(executable)) {
            return;
        }
        Path fresh = link.resolveSibling("." + link.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, executable);
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        done.add("installed " + link + " -> " + executable);
    }

    private static void remove(Path link, List<String> done) throws IOException {
        if (isOurs(link)) {
            Files.delete(link);
            done.add("removed " + link);
        }
    }

    private static void configure(Path file, String network, Optional<String> subnet, List<String> done)
            throws IOException {
        // Runtimes take files by their endings.
        Path fresh = file.resolveSibling(".jnet.new");
        Files.write(fresh, configuration(network, subnet).getBytes(UTF_8));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        done.add("installed " + file + ", network " + network);
    }

    private static String configuration(String network, Optional<String> subnet) {
        return TEMPLATE.formatted(
                network, subnet.map(range -> ", \"subnet\": \"" + range + "\"").orElse(""));
    }

    /** A link to the executable of this distribution, or of an earlier one in another place. */
    private static boolean isOurs(Path link) {
        try {
            return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).endsWith("jnet-cni");
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private HostException failure(IOException refused) {
        String place = refused instanceof FileSystemException named && named.getFile() != null
                ? named.getFile()
                : folders + " and " + configurations;
        return new HostException("cannot change " + place + ": " + Reasons.of(refused), refused);
    }
}
