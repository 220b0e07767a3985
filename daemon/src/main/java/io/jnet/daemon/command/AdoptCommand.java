package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.engine.rebuild.Rebuilt;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jnet adopt}. */
@Command(
        name = "adopt",
        description =
                "Make the records of a lost state again from what is on this host, all of them or none. Containers notice nothing.")
final class AdoptCommand extends Query {
    @Option(
            names = "--instance",
            paramLabel = "ID",
            description =
                    "Whose: the identity of that state, as jnet status shows it (default: the only one there is).")
    private Optional<String> instance = Optional.empty();

    @Option(
            names = "--incomplete",
            description = "Remove what cannot be proven to be of that state, instead of adopting nothing.")
    private boolean incomplete;

    AdoptCommand(CommandContext context) {
        super(context);
    }

    @Override
    byte[] asJson(ControlClient daemon) {
        String what = incomplete ? "provable" : "all";
        return instance.map(id -> daemon.put("adopted", what, id)).orElseGet(() -> daemon.put("adopted", what));
    }

    @Override
    void print(ControlClient daemon, PrintWriter out) {
        Rebuilt rebuilt = ControlJson.read(asJson(daemon), Rebuilt.class);
        rebuilt.rebuilt().forEach(object -> out.println("adopted " + object));
        rebuilt.forgotten().forEach(object -> out.println("forgot " + object + ": nothing of it is here"));
        rebuilt.removed().forEach(object -> out.println("removed " + object));
        rebuilt.unknown().forEach(line -> out.println("not known: " + line));
        if (rebuilt.rebuilt().isEmpty()
                && rebuilt.forgotten().isEmpty()
                && rebuilt.removed().isEmpty()) {
            out.println("nothing is here any more that the state does not know: jnet goes on");
        }
    }
}
