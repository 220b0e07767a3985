package io.jnet.daemon.command;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.PublishText;
import io.jnet.daemon.control.RuntimeName;
import io.jnet.daemon.docker.ContainerReference;
import io.jnet.daemon.docker.NetworkNames;
import io.jnet.daemon.docker.NetworkReference;
import io.jnet.daemon.terminal.PortText;
import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.engine.network.ShortId;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jnet publish}, which does what no runtime can: it changes the published ports of a container that runs. */
@Command(
        name = "publish",
        description = "Change the published ports of a running container.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PublishCommand.Add.class, PublishCommand.Rm.class})
final class PublishCommand extends CommandGroup {
    /** Asks the daemon for the change and prints what the container publishes then. */
    abstract static class Change extends Query {
        @Parameters(
                index = "0",
                paramLabel = "CONTAINER|ENDPOINT",
                description =
                        "An endpoint's id or its first characters, or a container's name or id, as Docker or a runtime of CNI has it.")
        private String container;

        @Option(
                names = "--network",
                paramLabel = "NETWORK",
                description =
                        "The network's name, at jnet or at Docker, or its id, for a container on several that publishes nothing yet: that of its default route.")
        private Optional<String> network = Optional.empty();

        @Parameters(
                index = "1..*",
                arity = "1..*",
                split = ",",
                paramLabel = "[ADDRESS:]HOSTPORT:PORT[/PROTOCOL]",
                description =
                        "As \"docker run -p\" takes them: 8081:80 or 127.0.0.1:53:53/udp; ports may be ranges. To withdraw one, its"
                                + " host port is enough.")
        private List<String> ports;

        Change(CommandContext context) {
            super(context);
        }

        abstract void check(String port);

        abstract byte[] change(ControlClient daemon, String endpoint, List<String> ports);

        @Override
        final byte[] asJson(ControlClient daemon) {
            return ControlJson.write(changed(daemon));
        }

        final EndpointView changed(ControlClient daemon) {
            if (ports.isEmpty()) {
                throw new WrongUsageException("no port is named: give one such as 8081:80");
            }
            ports.forEach(this::check);
            EndpointView endpoint = one(new ContainerReference(container, environment()).endpointsToChange(daemon));
            return ControlJson.read(change(daemon, endpoint.id(), ports), EndpointView.class);
        }

        @Override
        void print(ControlClient daemon, PrintWriter out) {
            print(changed(daemon), out);
        }

        final void print(EndpointView endpoint, PrintWriter out) {
            out.println("endpoint " + ShortId.of(endpoint.id()) + " on network "
                    + NetworkNames.of(environment()).ofNetwork(endpoint) + ":");
            PortText.dockerLines(endpoint.ports()).forEach(out::println);
            endpoint.open().stream()
                    .flatMap(open -> PortText.openLines(open).stream())
                    .forEach(out::println);
        }

        /** Which of a container's endpoints is meant. */
        private EndpointView one(List<EndpointView> endpoints) {
            List<EndpointView> meant = network.map(name -> new NetworkReference(name, environment()).among(endpoints))
                    .orElse(endpoints);
            if (meant.isEmpty()) {
                throw ClientException.notFound("container " + container + " is not on network " + network.orElse("")
                        + ", but on " + names(endpoints));
            }
            if (meant.size() > 1) {
                // A runtime publishes on the network that the container's default route goes to; elsewhere its answers
                // get lost.
                List<EndpointView> publishing = meant.stream()
                        .filter(endpoint -> !endpoint.ports().isEmpty())
                        .toList();
                if (publishing.size() == 1) {
                    return publishing.get(0);
                }
                boolean apart =
                        meant.stream().map(EndpointView::network).distinct().count() == meant.size();
                throw ClientException.of(
                        apart
                                ? "container " + container + " is on several networks: name the one of its"
                                        + " default route with --network, of " + names(meant)
                                : "container " + container + " has several interfaces: name the endpoint of one, of "
                                        + interfaces(meant));
            }
            return meant.get(0);
        }

        private static String interfaces(List<EndpointView> endpoints) {
            return endpoints.stream()
                    .map(endpoint -> ShortId.of(endpoint.id()) + " (" + String.join(", ", endpoint.addresses()) + ")")
                    .collect(Collectors.joining(", "));
        }

        private String names(List<EndpointView> endpoints) {
            NetworkNames names = NetworkNames.of(environment());
            return endpoints.stream().map(names::ofNetwork).sorted().collect(Collectors.joining(", "));
        }
    }

    /** {@code jnet publish add}. */
    @Command(
            name = "add",
            description = "Publish ports of a running container beside those that it publishes, until it stops.")
    static final class Add extends Change {
        Add(CommandContext context) {
            super(context);
        }

        @Override
        void check(String port) {
            PublishOption.checked(port, PublishText::parse);
        }

        @Override
        byte[] change(ControlClient daemon, String endpoint, List<String> ports) {
            return daemon.put(ports, "endpoints", endpoint, "ports");
        }

        @Override
        void print(ControlClient daemon, PrintWriter out) {
            EndpointView endpoint = changed(daemon);
            print(endpoint, out);
            out.println(
                    endpoint.runtime().equals(RuntimeName.DOCKER)
                            ? "What was added holds until the container stops: Docker knows nothing of it and starts the container"
                                    + " with its own ports."
                            : "What was added holds until the container stops or is detached: its runtime knows nothing of it.");
        }
    }

    /** {@code jnet publish rm}. */
    @Command(name = "rm", description = "Withdraw published ports of a running container, until it is started again.")
    static final class Rm extends Change {
        Rm(CommandContext context) {
            super(context);
        }

        @Override
        void check(String port) {
            PublishOption.checked(port, PublishText::parseSelection);
        }

        @Override
        byte[] change(ControlClient daemon, String endpoint, List<String> ports) {
            return daemon.delete(ports, "endpoints", endpoint, "ports");
        }
    }
}
