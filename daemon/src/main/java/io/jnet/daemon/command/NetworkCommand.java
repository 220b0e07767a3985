package io.jnet.daemon.command;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.control.FamilyView;
import io.jnet.daemon.control.NetworkDetailView;
import io.jnet.daemon.control.NetworkView;
import io.jnet.daemon.control.ResolverView;
import io.jnet.daemon.control.SubnetView;
import io.jnet.daemon.docker.ContainerNames;
import io.jnet.daemon.docker.DockerClient;
import io.jnet.daemon.docker.NetworkNames;
import io.jnet.daemon.docker.NetworkReference;
import io.jnet.daemon.terminal.Facts;
import io.jnet.daemon.terminal.Table;
import io.jnet.engine.network.ShortId;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code jnet network}. */
@Command(
        name = "network",
        description = "Networks.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {NetworkCommand.Ls.class, NetworkCommand.Inspect.class, NetworkCommand.Rm.class})
final class NetworkCommand extends CommandGroup {
    /** {@code jnet network ls}. */
    @Command(name = "ls", description = "List networks.")
    static final class Ls extends Query {
        Ls(CommandContext context) {
            super(context);
        }

        @Override
        byte[] asJson(ControlClient daemon) {
            JsonNode networks = ControlJson.read(daemon.get("networks"), JsonNode.class);
            networks.forEach(NetworkNames.of(environment())::addTo);
            return ControlJson.write(networks);
        }

        @Override
        void print(ControlClient daemon, PrintWriter out) {
            Table table = new Table("NETWORK", "ID", "BRIDGE", "SUBNETS", "ENDPOINTS", "STATE");
            NetworkNames names = NetworkNames.of(environment());
            for (NetworkView network : daemon.get(NetworkView[].class, "networks")) {
                table.row(
                        names.of(network),
                        ShortId.of(network.id()),
                        network.bridge().isEmpty() ? "-" : network.bridge(),
                        network.subnets().stream().map(SubnetView::prefix).collect(Collectors.joining(", ")),
                        network.unjoined() == 0
                                ? Integer.toString(network.endpoints())
                                : network.endpoints() + ", " + network.unjoined() + " without a container",
                        network.state());
            }
            table.print(out);
        }
    }

    /** {@code jnet network rm}. */
    @Command(
            name = "rm",
            description = "Remove a network that a CNI configuration has made, when no container is on it any more.")
    static final class Rm extends Query {
        @Parameters(paramLabel = "NETWORK", description = "Its name, its id, or at least twelve characters of its id.")
        private String reference;

        @Option(
                names = "--forgotten",
                description =
                        "Also one of Docker's that Docker does not know: its creation was never answered, or Docker removed it while containers of CNI were on it. Docker is asked, where it runs.")
        private boolean forgotten;

        Rm(CommandContext context) {
            super(context);
        }

        @Override
        byte[] asJson(ControlClient daemon) {
            Optional<NetworkView> network = find(daemon);
            network.ifPresent(this::requireMeant);
            if (forgotten) {
                network.ifPresent(this::requireUnknownToDocker);
            }
            return daemon.delete(
                    forgotten ? "forgotten-networks" : "networks",
                    network.map(NetworkView::id).orElse(reference));
        }

        private Optional<NetworkView> find(ControlClient daemon) {
            try {
                return Optional.of(daemon.get(NetworkDetailView.class, "networks", reference)
                        .network());
            } catch (ClientException unknown) {
                if (unknown.isNotFound()) {
                    return Optional.empty();
                }
                throw unknown;
            }
        }

        /** A few characters may begin another one's id, when the one that was meant has gone. */
        private void requireMeant(NetworkView network) {
            if (reference.length() < ShortId.LENGTH && !reference.equals(network.name())) {
                throw ClientException.notFound("no network " + reference
                        + "; to remove one by its id give twelve characters of it: " + ShortId.of(network.id()));
            }
        }

        private void requireUnknownToDocker(NetworkView network) {
            DockerClient docker = DockerClient.of(environment());
            if (docker.isThere()
                    && docker.networks().stream().anyMatch(known -> known.id().equals(network.id()))) {
                throw ClientException.of("Docker knows network " + reference + ": remove it with docker network rm");
            }
        }

        @Override
        void print(ControlClient daemon, PrintWriter out) {
            out.println(ControlJson.read(asJson(daemon), NetworkView.class).name());
        }
    }

    /** {@code jnet network inspect}. */
    @Command(name = "inspect", description = "Show one network with its endpoints.")
    static final class Inspect extends Query {
        @Parameters(
                paramLabel = "NETWORK",
                description =
                        "Its name, at jnet (-o io.jnet.name) or at Docker, its id, or the first characters of its id.")
        private String reference;

        Inspect(CommandContext context) {
            super(context);
        }

        @Override
        byte[] asJson(ControlClient daemon) {
            JsonNode detail = ControlJson.read(inspect(daemon), JsonNode.class);
            NetworkNames.of(environment()).addTo(detail.path("network"));
            return ControlJson.write(detail);
        }

        private byte[] inspect(ControlClient daemon) {
            return new NetworkReference(reference, environment()).inspect(daemon);
        }

        @Override
        void print(ControlClient daemon, PrintWriter out) {
            NetworkDetailView detail = ControlJson.read(inspect(daemon), NetworkDetailView.class);
            NetworkView network = detail.network();
            Facts facts = new Facts();
            NetworkNames names = NetworkNames.of(environment());
            facts.add("network", names.of(network));
            facts.add("id", network.id());
            facts.add("state", network.state());
            facts.add("bridge", network.bridge().isEmpty() ? "none: links are another plugin's" : network.bridge());
            if (!network.mac().isEmpty()) {
                facts.add("mac", network.mac());
            }
            facts.add("mtu", network.mtu().map(mtu -> Integer.toString(mtu)).orElse("kernel's default"));
            for (SubnetView subnet : network.subnets()) {
                facts.add(
                        "subnet",
                        subnet.prefix()
                                + subnet.gateway()
                                        .map(gateway -> ", gateway " + gateway)
                                        .orElse(", no gateway")
                                + subnet.defaultGateway()
                                        .map(gateway -> ", default gateway " + gateway)
                                        .orElse(""));
            }
            facts.add(
                    "bridge has", network.bridgeAddresses().isEmpty() ? "no address" : join(network.bridgeAddresses()));
            network.ipv4().ifPresent(ipv4 -> facts.add("ipv4", family(ipv4)));
            network.ipv6().ifPresent(ipv6 -> facts.add("ipv6", family(ipv6)));
            facts.add("internal", yesNo(network.internal()));
            facts.add("masquerade", yesNo(network.masquerade()));
            facts.add("inter-container", yesNo(network.interContainer()));
            facts.add("port security", yesNo(network.portSecurity()));
            facts.add("routers allowed", yesNo(network.routers()));
            facts.add("lets in", network.publishPolicy());
            facts.add("names", network.resolver().map(Inspect::resolver).orElse("not answered"));
            facts.add("publishes on", network.hostBinding().orElse("every address"));
            facts.add("interfaces", network.interfacePrefix() + "N");
            if (!network.trustedInterfaces().isEmpty()) {
                facts.add("trusts", join(network.trustedInterfaces()));
            }
            if (!network.routes().isEmpty()) {
                facts.add("routes", join(network.routes()));
            }
            facts.print(out);
            out.println();
            EndpointCommand.table(detail.endpoints(), ContainerNames.of(environment()), names)
                    .print(out);
        }

        private static String resolver(ResolverView resolver) {
            return resolver.domain() + ", at " + join(resolver.addresses())
                    + (resolver.servers().isEmpty() ? "" : ", others from " + join(resolver.servers()))
                    + (resolver.records().isEmpty()
                            ? ""
                            : ", " + resolver.records().size() + " static");
        }

        private static String family(FamilyView family) {
            return family.gatewayMode()
                    + family.source().map(source -> ", leaves with " + source).orElse("");
        }

        private static String join(List<String> values) {
            return String.join(", ", values);
        }

        private static String yesNo(boolean value) {
            return value ? "yes" : "no";
        }
    }
}
