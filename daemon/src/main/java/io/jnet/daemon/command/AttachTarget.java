package io.jnet.daemon.command;

import io.jnet.cni.attachment.Attachments;
import io.jnet.daemon.client.CniClient;
import io.jnet.daemon.client.DockerClient;
import io.jnet.daemon.host.HostException;
import io.jnet.engine.resolve.DomainName;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is attached to which network, as {@code jnet attach} and {@code jnet detach} are told. */
final class AttachTarget {
    @Parameters(
            paramLabel = "NETNS|PID|CONTAINER",
            description = "The path of a network namespace, a process id, or a Docker container's name or id.")
    private String target;

    @Option(names = "--network", paramLabel = "NAME", required = true, description = "The network.")
    private String network;

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            defaultValue = "eth0",
            description = "The interface's name inside (default: ${DEFAULT-VALUE}).")
    private String interfaceName;

    @Option(
            names = "--cni-socket",
            paramLabel = "PATH",
            defaultValue = "/run/jnet/cni.sock",
            description = "The daemon's CNI socket (default: ${DEFAULT-VALUE}).")
    private Path socket;

    /** The configuration of the network, as a CNI runtime would have it; one that has to be made is open to the outside. */
    ObjectNode configuration() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cniVersion", "1.1.0")
                .put("name", network)
                .put("type", "jnet")
                .put("isDefaultGateway", true)
                .put("ipMasq", true);
    }

    /**
     * Makes a call about this target.
     *
     * @throws HostException when there is no such namespace
     */
    JsonNode call(String command, ObjectNode configuration, Map<String, String> environment) {
        Path path = path(environment);
        Map<String, String> variables = new TreeMap<>(Map.of(
                "CNI_COMMAND",
                command,
                "CNI_CONTAINERID",
                identity(path),
                "CNI_NETNS",
                path.toString(),
                "CNI_IFNAME",
                interfaceName));
        try (NetworkNamespace container = NetworkNamespace.of(Descriptor.open(path))
                .orElseThrow(() -> new HostException(path + " is not a network namespace"))) {
            return new CniClient(socket).call(variables, configuration.toString(), container);
        } catch (KernelException gone) {
            throw new HostException("cannot " + gone.getMessage(), gone);
        }
    }

    /** The files of the target; empty where the namespace has no name. */
    Optional<NamespaceFiles> files(Map<String, String> environment) {
        return NamespaceFiles.of(path(environment), network);
    }

    /** What the target is called anyway: a namespace by "ip netns", or a Docker container; empty where that is no name for neighbours. */
    Optional<String> ownName() {
        Optional<String> name = target.startsWith("/")
                ? NamespaceFiles.nameOf(Path.of(target))
                : Optional.of(target).filter(text -> !isProcess(text));
        return name.flatMap(DomainName::label).map(DomainName::text);
    }

    private static boolean isProcess(String text) {
        return text.matches("[0-9]{1,9}");
    }

    private Path path(Map<String, String> environment) {
        if (target.startsWith("/")) {
            return Path.of(target);
        }
        long pid = isProcess(target)
                ? Long.parseLong(target)
                : DockerClient.of(environment).processId(target);
        return Path.of("/proc", Long.toString(pid), "ns", "net");
    }

    /** What a name is for people: of a namespace by a path its file's name, of others what they were called by. */
    private String identity(Path path) {
        String name = target.startsWith("/") ? String.valueOf(path.getFileName()) : target;
        return Attachments.BY_HAND + name.replaceAll("[^A-Za-z0-9_.-]", "-");
    }
}
