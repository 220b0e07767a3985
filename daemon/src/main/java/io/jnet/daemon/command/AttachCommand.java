package io.jnet.daemon.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jnet attach}: any network namespace becomes a container of a network. */
@Command(
        name = "attach",
        description = "Connect a network namespace, a process or a Docker container (--network none) to a network.")
final class AttachCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private AttachTarget target;

    @Option(
            names = {"-p", "--publish"},
            paramLabel = "[ADDRESS:]HOSTPORT:PORT[/PROTOCOL]",
            description = "Publish a port; several times.")
    private List<String> ports = List.of();

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "The address; several times, one of each family.")
    private List<String> addresses = List.of();

    @Option(names = "--json", description = "Print the CNI result.")
    private boolean json;

    AttachCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ObjectNode configuration = target.configuration();
        ObjectNode runtime = configuration.putObject("runtimeConfig");
        ArrayNode mappings = runtime.putArray("portMappings");
        ports.forEach(port -> PublishOption.add(port, mappings));
        ArrayNode asked = runtime.putArray("ips");
        addresses.forEach(asked::add);
        JsonNode result = target.call("ADD", configuration, context.environment());
        if (json) {
            context.out().println(result);
        } else {
            result.path("ips")
                    .forEach(ip -> context.out().println(ip.path("address").asString()));
        }
        return 0;
    }
}
