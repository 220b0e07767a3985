package io.jnet.daemon.command;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.docker.DockerClient;
import io.jnet.daemon.prune.Forgotten;
import io.jnet.daemon.prune.ForgottenSearch;
import io.jnet.daemon.prune.Pruned;
import io.jnet.daemon.prune.Pruning;
import io.jnet.daemon.terminal.Table;
import io.jnet.engine.network.ShortId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jnet prune}. */
@Command(
        name = "prune",
        description =
                "Remove networks, endpoints and address pools that jnet keeps for Docker and Docker has forgotten. Takes some twenty seconds when there are any.")
final class PruneCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private DaemonSocket socket;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--dry-run", description = "Only list what would be removed.")
    private boolean dryRun;

    @Option(
            names = "--in-use",
            description =
                    "Also what a network namespace still has that Docker knows nothing of; what runs there is cut off. What containers of CNI use stays.")
    private boolean inUse;

    PruneCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        ControlClient daemon = new ControlClient(socket.path());
        List<Forgotten> forgotten =
                new ForgottenSearch(daemon, DockerClient.of(context.environment()), context.pause()).find();
        Pruning pruning = new Pruning(daemon, inUse ? Pruning.Use.CUT_OFF : Pruning.Use.KEEP);
        List<Pruned> outcome = dryRun ? pruning.plan(forgotten) : pruning.carryOut(forgotten);
        if (json) {
            context.printJson(outcome);
        } else {
            print(outcome);
        }
        List<Pruned> failed = outcome.stream()
                .filter(one -> one.outcome().equals(Pruned.FAILED))
                .toList();
        if (!failed.isEmpty()) {
            throw ClientException.of("cannot remove " + failed.size() + " of " + outcome.size() + ": "
                    + failed.get(0).reason());
        }
        return 0;
    }

    private void print(List<Pruned> outcome) {
        if (outcome.isEmpty()) {
            context.out().println("Docker has forgotten nothing.");
            return;
        }
        Table table = new Table("OUTCOME", "KIND", "ID", "NAME", "REASON");
        for (Pruned one : outcome) {
            table.row(
                    one.outcome(),
                    one.kind(),
                    one.kind().equals("pool") ? one.id() : ShortId.of(one.id()),
                    one.name(),
                    one.reason());
        }
        table.print(context.out());
        if (!inUse && outcome.stream().anyMatch(one -> one.outcome().equals(Pruned.KEPT))) {
            context.out()
                    .println(
                            "What is kept is in use by something that Docker does not know: end it, unmount its network"
                                    + " namespace when nothing runs there, or remove it with --in-use, unless containers of CNI"
                                    + " use it.");
        }
    }
}
