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
        List<String> done = installation.install();
        print(done);
        if (here && !done.isEmpty()) {
            print(List.of(Services.makeArchive()));
        }
        if (services) {
            print(new Services().start());
        } else if (here) {
            print(List.of("no systemd runs this machine: start \"jnet daemon\" by what does"));
        }
        return 0;
    }

    private void print(List<String> lines) {
        lines.forEach(context.out()::println);
        context.out().flush();
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
