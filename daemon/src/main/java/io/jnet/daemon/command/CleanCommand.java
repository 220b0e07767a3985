package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.engine.rebuild.Unrecorded;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jnet clean}. */
@Command(
        name = "clean",
        description =
                "Remove what a lost or another state of jnet has left on this host. Containers on it are cut off.")
final class CleanCommand extends Query {
    @Option(
            names = "--instance",
            paramLabel = "ID",
            required = true,
            description = "Whose: the identity of that state, as jnet status shows it.")
    private String instance;

    CleanCommand(CommandContext context) {
        super(context);
    }

    @Override
    byte[] asJson(ControlClient daemon) {
        return daemon.delete("unrecorded", instance);
    }

    @Override
    void print(ControlClient daemon, PrintWriter out) {
        Unrecorded[] removed = ControlJson.read(asJson(daemon), Unrecorded[].class);
        for (Unrecorded object : removed) {
            out.println("removed " + object.object());
        }
        if (removed.length == 0) {
            out.println("nothing of it is here any more: jnet goes on");
        }
    }
}
