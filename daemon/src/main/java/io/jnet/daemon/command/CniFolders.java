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
                    "The runtime's folder of plugins (default: those of /opt/cni/bin and /usr/lib/cni that exist, or else both).")
    private Optional<Path> plugins = Optional.empty();

    @Option(
            names = "--conf-dir",
            paramLabel = "PATH",
            defaultValue = "/etc/cni/net.d",
            description = "The runtime's folder of configurations (default: ${DEFAULT-VALUE}).")
    private Path configurations;

    /** Where to install: in the folder that is named, or in each of the usual ones, since nothing says which of them a runtime reads. */
    CniInstallation installation() {
        List<Path> possible = USUAL.stream().filter(CniFolders::isWritable).toList();
        List<Path> present = possible.stream().filter(Files::isDirectory).toList();
        List<Path> usual = possible.isEmpty() ? USUAL : possible;
        return in(plugins.map(List::of).orElse(present.isEmpty() ? usual : present));
    }

    /** Whether something can be put there, maybe into folders that are made first: /usr may be read-only. */
    private static boolean isWritable(Path folder) {
        Path there = folder;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        return Files.isWritable(there);
    }

    /** What may be installed: another of the usual folders may have come since. */
    CniInstallation installed() {
        return in(plugins.map(List::of).orElse(USUAL));
    }

    private CniInstallation in(List<Path> folders) {
        String home = System.getProperty("jnet.home");
        if (home == null) {
            throw new HostException("the folder of the distribution is not known: run bin/jnet");
        }
        return new CniInstallation(
                Path.of(home, "bin", "jnet-cni"),
                folders.stream().map(Path::toAbsolutePath).toList(),
                configurations.toAbsolutePath());
    }
}
