package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.host.HostException;
import io.jnet.daemon.install.Installation;
import io.jnet.daemon.install.Services;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jnet install}: this distribution becomes a part of the host, and systemd runs it. */
@Command(
        name = "install",
        description = "Install this distribution on the host, in /usr/lib/jnet, and have systemd run it. "
                + "Again, it does what is left to do; of another version, it replaces that.")
final class InstallCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            defaultValue = "/",
            description = "Write below this folder instead, for a package or an image, and start nothing.")
    private Path root;

    @Option(names = "--json", description = "Print JSON, in the end.")
    private boolean json;

    InstallCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Installation installation = new Installation(root, home());
        boolean here = isThisMachine(root);
        boolean services = here && Services.areThere();
        if (services && !new Services().answer() && new ControlClient(Path.of(DaemonSocket.DEFAULT)).isThere()) {
            throw new HostException("a jnet daemon runs that systemd has not started: stop it first");
        }
        Progress progress = new Progress(context, json);
        List<String> done = installation.install();
        progress.tell(done);
        if (here && !done.isEmpty()) {
            progress.tell(List.of(Services.makeArchive()));
        }
        if (services) {
            progress.tell(new Services().start());
        } else if (here) {
            progress.tell(List.of("no systemd runs this machine: start \"jnet daemon\" by what does"));
        }
        progress.end();
        return 0;
    }

    static boolean isThisMachine(Path root) {
        return root.toAbsolutePath().normalize().equals(Path.of("/"));
    }

    static Path home() {
        String home = System.getProperty("jnet.home");
        if (home == null) {
            throw new HostException("the folder of the distribution is not known: run bin/jnet");
        }
        return Path.of(home);
    }
}
