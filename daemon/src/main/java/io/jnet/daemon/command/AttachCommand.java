package io.jnet.daemon.command;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.daemon.host.HostException;
import io.jnet.netlink.address.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    /** systemd-resolved keeps what it asks itself in the second. */
    private static final List<Path> HOST_FILES =
            List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

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

    @Option(
            names = "--dns",
            paramLabel = "ADDRESS",
            description = "A resolver for a namespace of \"ip netns\"; several times (default: those of the host).")
    private List<String> servers = List.of();

    @Option(
            names = "--dns-search",
            paramLabel = "DOMAIN",
            description = "A domain that short names are looked up in; several times.")
    private List<String> search = List.of();

    @Option(names = "--json", description = "Print the CNI result.")
    private boolean json;

    AttachCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        DnsConfiguration dns = resolvers();
        ObjectNode configuration = target.configuration();
        ObjectNode runtime = configuration.putObject("runtimeConfig");
        ArrayNode mappings = runtime.putArray("portMappings");
        ports.forEach(port -> PublishOption.add(port, mappings));
        ArrayNode asked = runtime.putArray("ips");
        addresses.forEach(asked::add);
        JsonNode result = target.call("ADD", configuration, context.environment());
        target.resolver(context.environment()).ifPresent(resolver -> write(resolver, dns));
        if (json) {
            context.out().println(result);
        } else {
            result.path("ips")
                    .forEach(ip -> context.out().println(ip.path("address").asString()));
        }
        return 0;
    }

    private DnsConfiguration resolvers() {
        for (String server : servers) {
            try {
                IpAddress.parse(server);
            } catch (IllegalArgumentException invalid) {
                throw new HostException("invalid --dns \"" + server + "\": want an IP address", invalid);
            }
        }
        if (!servers.isEmpty() || !search.isEmpty()) {
            return new DnsConfiguration(servers, Optional.empty(), search, List.of());
        }
        return HOST_FILES.stream()
                .map(NamespaceResolver::usable)
                .filter(dns -> !dns.nameservers().isEmpty())
                .findFirst()
                .orElse(DnsConfiguration.NONE);
    }

    private void write(NamespaceResolver resolver, DnsConfiguration dns) {
        if (dns.isEmpty()) {
            context.err()
                    .println("jnet: this host's resolver is on its loopback and of no use there: name one with --dns");
        } else if (!resolver.write(dns)) {
            context.err().println("jnet: " + resolver.file() + " is somebody else's and stays as it is");
        }
    }
}
