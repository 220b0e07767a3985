package io.jnet.daemon.command;

import io.jnet.daemon.cni.CniInstallation;
import io.jnet.daemon.host.HostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a container runtime looks for CNI plugins and their configurations. */
final class CniFolders {
    private static final List<Path> USUAL = List.of(Path.of("/opt/cni/bin"), Path.of("/usr/lib/cni"));

    @Option(
            names = "--bin-dir",
            paramLabel = "PATH",
            description =
                    "The runtime's folder of plugins (default: /opt/cni/bin, or /usr/lib/cni where only that exists).")
    private Optional<Path> plugins = Optional.empty();

    @Option(
            names = "--conf-dir",
            paramLabel = "PATH",
            defaultValue = "/etc/cni/net.d",
            description = "The runtime's folder of configurations (default: ${DEFAULT-VALUE}).")
    private Path configurations;

    /** The installation in the folder that is named, or in the usual one. */
    CniInstallation installation() {
        return in(plugins.or(() -> USUAL.stream().filter(Files::isDirectory).findFirst())
                .orElse(USUAL.get(0)));
    }

    /** Those that may be there: without a folder that is named, one in each of the usual ones, of which another may have come since. */
    List<CniInstallation> installations() {
        return plugins.map(List::of).orElse(USUAL).stream().map(this::in).toList();
    }

    private CniInstallation in(Path folder) {
        String home = System.getProperty("jnet.home");
        if (home == null) {
            throw new HostException("the folder of the distribution is not known: run bin/jnet");
        }
        return new CniInstallation(
                Path.of(home, "bin", "jnet-cni"), folder.toAbsolutePath(), configurations.toAbsolutePath());
    }
}
