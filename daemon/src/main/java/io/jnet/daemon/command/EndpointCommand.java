package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.docker.ContainerNames;
import io.jnet.daemon.docker.NetworkNames;
import io.jnet.daemon.terminal.Table;
import io.jnet.engine.network.ShortId;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code jnet endpoint}. */
@Command(
        name = "endpoint",
        description = "Endpoints: the containers' connections to networks.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = EndpointCommand.Ls.class)
final class EndpointCommand extends CommandGroup {
    /** The table of some endpoints. */
    static Table table(List<EndpointView> endpoints, ContainerNames names, NetworkNames networks) {
        Table table =
                new Table("ENDPOINT", "CONTAINER", "NETWORK", "ADDRESSES", "MAC", "LINK", "PORTS", "STATE", "NAMES");
        for (EndpointView endpoint : endpoints) {
            int ports = endpoint.ports().stream().mapToInt(port -> port.count()).sum();
            table.row(
                    ShortId.of(endpoint.id()),
                    names.of(endpoint),
                    networks.ofNetwork(endpoint),
                    String.join(", ", endpoint.addresses()),
                    endpoint.mac(),
                    endpoint.hostLink(),
                    Integer.toString(ports),
                    endpoint.state(),
                    endpoint.names().isEmpty() ? "-" : String.join(", ", endpoint.names()));
        }
        return table;
    }

    /** {@code jnet endpoint ls}. */
    @Command(name = "ls", description = "List endpoints.")
    static final class Ls extends Query {
        Ls(CommandContext context) {
            super(context);
        }

        @Override
        byte[] asJson(ControlClient daemon) {
            return daemon.get("endpoints");
        }

        @Override
        void print(ControlClient daemon, PrintWriter out) {
            table(
                            List.of(daemon.get(EndpointView[].class, "endpoints")),
                            ContainerNames.of(environment()),
                            NetworkNames.of(environment()))
                    .print(out);
        }
    }
}
