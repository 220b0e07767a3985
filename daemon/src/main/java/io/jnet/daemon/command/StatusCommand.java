package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.StatusView;
import io.jnet.daemon.terminal.Colour;
import io.jnet.daemon.terminal.Facts;
import io.jnet.engine.Status;
import io.jnet.engine.rebuild.Unrecorded;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code jnet status}. */
@Command(name = "status", description = "Show the daemon, and what jnet has changed on this host.")
final class StatusCommand extends Query {
    StatusCommand(CommandContext context) {
        super(context);
    }

    @Override
    byte[] asJson(ControlClient daemon) {
        return daemon.get("status");
    }

    @Override
    void print(ControlClient daemon, PrintWriter out) {
        StatusView status = daemon.get(StatusView.class, "status");
        Facts facts = new Facts();
        facts.add("version", status.version() + ", Java " + status.java());
        facts.add("process", Long.toString(status.pid()));
        facts.add("started", status.started());
        facts.add("state", status.stateDirectory() + ", instance " + status.instance());
        facts.add("networks", Integer.toString(status.networks()));
        facts.add(
                "endpoints",
                status.unjoined() == 0
                        ? Integer.toString(status.endpoints())
                        : status.endpoints() + ", " + status.unjoined()
                                + " of them without a container: jnet prune removes what Docker has forgotten");
        facts.add("published ports", Integer.toString(status.publishedPorts()));
        if (status.clashes() > 0) {
            facts.add(
                    "clashes", Colour.DOUBTFUL, status.clashes() + " of them held by other processes: see jnet ports");
        }
        for (Status.HostChange change : status.hostChanges()) {
            facts.add("changed", change.setting() + ": was " + change.before() + ", is " + change.now());
        }
        for (Unrecorded object : status.unrecorded()) {
            facts.add("not in the state", object.object() + " of instance " + object.instance());
        }
        if (!status.unrecorded().isEmpty()) {
            facts.add(
                    "standing still",
                    Colour.BAD,
                    "nothing is changed while there is any: start jnet with the right --state-dir; or,"
                            + " when that state is lost, make it again from what is here with: jnet adopt; or remove"
                            + " them, and cut off the containers on them, with: jnet clean --instance ID");
        }
        if (!status.mended().isEmpty()) {
            facts.add(
                    "mended",
                    status.mended().entrySet().stream()
                            .map(kind -> kind.getKey() + " " + kind.getValue())
                            .collect(Collectors.joining(", ")));
        }
        for (String note : status.notes()) {
            facts.add("note", Colour.DOUBTFUL, note);
        }
        facts.print(out);
    }
}
