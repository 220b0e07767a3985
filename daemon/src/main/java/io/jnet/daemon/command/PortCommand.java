package io.jnet.daemon.command;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.client.DockerClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.PortView;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code jnet port}, which says what {@code docker port} cannot: Docker shows no ports of remote drivers. */
@Command(name = "port", description = "List the published ports of one container, as \"docker port\" prints them.")
final class PortCommand extends Query {
    @Parameters(
            paramLabel = "CONTAINER|ENDPOINT",
            description =
                    "An endpoint's id or its first characters, or a container's name or id, which Docker is asked for.")
    private String reference;

    PortCommand(CommandContext context) {
        super(context);
    }

    @Override
    byte[] asJson(ControlClient daemon) {
        return ControlJson.write(ports(daemon));
    }

    @Override
    void print(ControlClient daemon, PrintWriter out) {
        PortText.dockerLines(ports(daemon)).forEach(out::println);
    }

    private List<PortView> ports(ControlClient daemon) {
        try {
            return daemon.get(EndpointView.class, "endpoints", reference).ports();
        } catch (ClientException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
            return portsOfContainer(daemon);
        }
    }

    private List<PortView> portsOfContainer(ControlClient daemon) {
        List<PortView> ports = new ArrayList<>();
        boolean found = false;
        for (String id : containerEndpoints()) {
            try {
                ports.addAll(daemon.get(EndpointView.class, "endpoints", id).ports());
                found = true;
            } catch (ClientException refused) {
                // A container may be on networks of other drivers too.
                if (!refused.isNotFound()) {
                    throw refused;
                }
            }
        }
        if (!found) {
            throw ClientException.notFound("container " + reference + " is not running on a jnet network");
        }
        return ports;
    }

    private List<String> containerEndpoints() {
        try {
            return DockerClient.of(environment()).endpoints(reference);
        } catch (ClientException refused) {
            if (refused.isNotFound()) {
                throw ClientException.notFound("no endpoint and no container " + reference);
            }
            throw refused;
        }
    }
}
