package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks the daemon and prints the answer, as a table or as JSON. */
abstract class Query implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private DaemonSocket socket;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Query(CommandContext context) {
        this.context = context;
    }

    @Override
    public final Integer call() {
        ControlClient daemon = new ControlClient(socket.path());
        if (json) {
            context.out().println(new String(asJson(daemon), StandardCharsets.UTF_8));
        } else {
            print(daemon, context.out());
        }
        return 0;
    }

    /** The answer as JSON. */
    abstract byte[] asJson(ControlClient daemon);

    /** The answer for a person. */
    abstract void print(ControlClient daemon, PrintWriter out);

    Map<String, String> environment() {
        return context.environment();
    }
}
