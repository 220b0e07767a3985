package io.jnet.daemon.command;

import io.jnet.daemon.docker.DockerClient;
import io.jnet.daemon.migrate.DriverName;
import io.jnet.daemon.migrate.Migration;
import io.jnet.daemon.migrate.MigrationPlan;
import io.jnet.daemon.migrate.ShellLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jnet migrate}. */
@Command(
        name = "migrate",
        description =
                "Print the commands that make jnet networks of networks of Docker's bridge driver. Changes nothing.")
final class MigrateCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NETWORK", description = "A network's name or id (default: all but Docker's own).")
    private List<String> networks = List.of();

    @Option(
            names = "--driver",
            paramLabel = "NAME",
            description = "What Docker calls jnet's driver (default: the one that answers, jnet or a managed plugin).")
    private Optional<String> driver = Optional.empty();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    MigrateCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        DockerClient docker = DockerClient.of(context.environment());
        DriverName found = new DriverName(docker, Path.of(DaemonCommand.PLUGIN_SOCKET));
        List<Migration> plan = new MigrationPlan(docker, () -> driver.orElseGet(found::find)).of(networks);
        if (json) {
            context.printJson(plan);
        } else {
            print(plan);
        }
        return 0;
    }

    private void print(List<Migration> plan) {
        if (plan.isEmpty()) {
            context.out().println("# Docker has no networks of its bridge driver but its own.");
            return;
        }
        context.out()
                .println("# Read it, then run it, network by network or as a whole: " + printable(asked())
                        + " | sh -ex");
        for (Migration network : plan) {
            context.out().println();
            context.out().println("# " + printable(network.network()));
            network.notes().forEach(note -> context.out().println("#   " + printable(note)));
            network.lines().forEach(context.out()::println);
        }
    }

    /** The command that prints the same once more. */
    private String asked() {
        List<String> words = new ArrayList<>(List.of("jnet", "migrate"));
        driver.ifPresent(name -> words.addAll(List.of("--driver", name)));
        words.addAll(networks);
        return ShellLine.of(words);
    }

    /** A comment ends with its line. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
