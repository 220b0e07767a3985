package io.jnet.daemon.command;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.daemon.attach.AttachTarget;
import io.jnet.daemon.attach.NamespaceFiles;
import io.jnet.daemon.attach.Resolvers;
import io.jnet.daemon.host.HostException;
import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.name.DomainName;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What its neighbours call it, without dots (default: the namespace's or container's name).")
    private Optional<String> name = Optional.empty();

    @Option(names = "--alias", paramLabel = "NAME", description = "What they call it as well; several times.")
    private List<String> aliases = List.of();

    @Option(
            names = "--dns",
            paramLabel = "ADDRESS",
            description = "A resolver for a namespace of \"ip netns\"; several times (default: the network's own).")
    private List<String> servers = List.of();

    @Option(
            names = "--dns-search",
            paramLabel = "DOMAIN",
            description = "A domain that short names are looked up in; several times (default: the network's own).")
    private List<String> search = List.of();

    @Option(names = "--json", description = "Print the CNI result.")
    private boolean json;

    AttachCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<String> names = names();
        ObjectNode configuration = target.configuration();
        ObjectNode runtime = configuration.putObject("runtimeConfig");
        ArrayNode mappings = runtime.putArray("portMappings");
        ports.forEach(port -> PublishOption.add(port, mappings));
        addresses.forEach(address -> check("--ip", address, "an IP address", AttachCommand::address));
        addAll(runtime.putArray("ips"), addresses);
        addAll(runtime.putArray("aliases"), names);
        resolvers(runtime.putObject("dns"));
        JsonNode result = target.attach(configuration, context.environment());
        try {
            target.files()
                    .ifPresent(files -> write(files, result, names.stream().findFirst()));
        } catch (HostException refused) {
            context.err().println("jnet: it is attached, but " + refused.getMessage());
        }
        if (json) {
            context.out().println(result);
        } else {
            result.path("ips")
                    .forEach(ip -> context.out().println(ip.path("address").asString()));
        }
        return 0;
    }

    /** Its own name first, where it has one. */
    private List<String> names() {
        Stream<String> own = name.stream().map(text -> checked("--name", text));
        Stream<String> names = name.isPresent() ? own : target.ownName(context.environment()).stream();
        return Stream.concat(names, aliases.stream().map(text -> checked("--alias", text)))
                .toList();
    }

    private static String checked(String option, String text) {
        return DomainName.label(text)
                .map(DomainName::text)
                .orElseThrow(() -> new WrongUsageException("invalid " + option + " \"" + Printable.of(text)
                        + "\": want up to 63 letters, digits, \"-\" or \"_\""));
    }

    private void resolvers(ObjectNode dns) {
        for (String server : servers) {
            check("--dns", server, "an IP address", IpAddress::parse);
        }
        for (String domain : search) {
            check("--dns-search", domain, "a domain", DomainName::parse);
        }
        addAll(dns.putArray("servers"), servers);
        addAll(dns.putArray("searches"), search);
    }

    private static void check(String option, String text, String wanted, Consumer<String> parser) {
        try {
            parser.accept(text);
        } catch (IllegalArgumentException invalid) {
            throw new WrongUsageException(
                    "invalid " + option + " \"" + Printable.of(text) + "\": want " + wanted, invalid);
        }
    }

    /** The length that may follow is the network's in any case. */
    private static void address(String text) {
        if (text.contains("/")) {
            IpPrefix.parse(text);
        } else {
            IpAddress.parse(text);
        }
    }

    private static void addAll(ArrayNode list, List<String> texts) {
        texts.forEach(list::add);
    }

    private void write(NamespaceFiles files, JsonNode result, Optional<String> own) {
        DnsConfiguration dns = Resolvers.of(result);
        if (dns.nameservers().isEmpty()) {
            context.err()
                    .println(
                            "jnet: the network has no resolver, and this host's is on its loopback and of no use there: name one"
                                    + " with --dns");
        } else if (!files.writeResolver(dns)) {
            others(files, NamespaceFiles.RESOLVER);
        }
        List<String> known = new ArrayList<>();
        result.path("ips")
                .forEach(ip -> known.add(
                        IpPrefix.parse(ip.path("address").asString()).address().toString()));
        if (!files.writeHosts(known, own)) {
            others(files, NamespaceFiles.HOSTS);
        }
    }

    private void others(NamespaceFiles files, String name) {
        context.err().println("jnet: " + files.file(name) + " is somebody else's and stays as it is");
    }
}
