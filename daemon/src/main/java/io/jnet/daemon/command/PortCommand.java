package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.PortView;
import io.jnet.daemon.docker.ContainerReference;
import io.jnet.daemon.terminal.PortText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code jnet port}, which says what {@code docker port} cannot: Docker shows no ports of remote drivers. */
@Command(name = "port", description = "List the published ports of one container, as \"docker port\" prints them.")
final class PortCommand extends Query {
    @Parameters(
            paramLabel = "CONTAINER|ENDPOINT",
            description =
                    "An endpoint's id or its first characters, or a container's name or id, as Docker or a runtime of CNI has it.")
    private String reference;

    PortCommand(CommandContext context) {
        super(context);
    }

    @Override
    byte[] asJson(ControlClient daemon) {
        return ControlJson.write(endpoints(daemon).stream()
                .flatMap(endpoint -> endpoint.reached().stream())
                .toList());
    }

    @Override
    void print(ControlClient daemon, PrintWriter out) {
        List<EndpointView> endpoints = endpoints(daemon);
        PortText.dockerLines(ports(endpoints)).forEach(out::println);
        endpoints.stream().flatMap(endpoint -> endpoint.open().stream()).forEach(open -> PortText.openLines(open)
                .forEach(out::println));
    }

    private static List<PortView> ports(List<EndpointView> endpoints) {
        return endpoints.stream().flatMap(endpoint -> endpoint.ports().stream()).toList();
    }

    private List<EndpointView> endpoints(ControlClient daemon) {
        return new ContainerReference(reference, environment()).endpoints(daemon);
    }
}
