package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.host.HostException;
import io.jnet.daemon.install.Installation;
import io.jnet.daemon.install.KeptNetworks;
import io.jnet.daemon.install.KeptState;
import io.jnet.daemon.install.Services;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jnet uninstall}: undoes {@code jnet install}. */
@Command(
        name = "uninstall",
        description = "Remove what \"jnet install\" has installed. Refuses while there are networks.")
final class UninstallCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            defaultValue = "/",
            description = "What was installed below this folder.")
    private Path root;

    @Option(names = "--check", description = "Only tell whether there are networks; exit status 1 then.")
    private boolean check;

    @Option(names = "--json", description = "Print JSON, in the end.")
    private boolean json;

    UninstallCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        boolean here = InstallCommand.isThisMachine(root);
        Optional<ControlClient> daemon =
                here ? Optional.of(new ControlClient(Path.of(DaemonSocket.DEFAULT))) : Optional.empty();
        if (check) {
            KeptNetworks.of(root, daemon).refuseAny();
            new Progress(context, json).end();
            return 0;
        }
        Installation installation = new Installation(root, InstallCommand.home());
        KeptNetworks.of(root, daemon).refuseAny();
        Progress progress = new Progress(context, json);
        boolean services = here && Services.areThere();
        if (services) {
            progress.tell(new Services().stop());
        }
        if (daemon.isPresent() && daemon.get().isThere()) {
            throw new HostException("a jnet daemon runs that systemd has not started: stop it first");
        }
        KeptState.whileUnused(root, () -> {
            List<String> done = installation.uninstall();
            progress.tell(done.isEmpty() ? List.of("nothing that jnet install has installed is there") : done);
            progress.tell(KeptState.remove(root));
        });
        if (services) {
            progress.tell(new Services().reload());
        }
        progress.end();
        return 0;
    }
}
