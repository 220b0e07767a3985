package io.jnet.daemon.attach;

import io.jnet.cni.attachment.Attachments;
import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.CniClient;
import io.jnet.daemon.cni.NetworkName;
import io.jnet.daemon.docker.DockerClient;
import io.jnet.daemon.docker.DockerClient.RunningContainer;
import io.jnet.daemon.host.HostException;
import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.name.DomainName;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.InterfaceName;
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
public final class AttachTarget {
    /** What the identity of a namespace without a name begins with. */
    private static final String NUMBERED = "net-";

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
            defaultValue = CniClient.DEFAULT_SOCKET,
            description = "The daemon's CNI socket (default: ${DEFAULT-VALUE}).")
    private Path socket;

    /**
     * The configuration of the network, as a CNI runtime would have it; one that has to be made is open to the outside.
     *
     * @throws WrongUsageException when no network or no interface can be called so
     */
    public ObjectNode configuration() {
        NetworkName.check(network);
        if (!InterfaceName.isValid(interfaceName)) {
            throw new WrongUsageException("invalid --interface \"" + Printable.of(interfaceName)
                    + "\": want 1 to 15 of letters, digits, \"_\", \".\" and \"-\"");
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("cniVersion", "1.1.0")
                .put("name", network)
                .put("type", "jnet")
                .put("isDefaultGateway", true)
                .put("ipMasq", true);
    }

    /**
     * Attaches this target.
     *
     * @return the result, as a CNI runtime gets it
     * @throws HostException when there is no such namespace
     */
    public JsonNode attach(ObjectNode configuration, Map<String, String> environment) {
        return call("ADD", configuration, place(environment));
    }

    /**
     * Detaches this target.
     *
     * @return whether it was attached
     * @throws HostException when there is no such namespace
     */
    public boolean detach(Map<String, String> environment) {
        ObjectNode configuration = configuration();
        Place place = place(environment);
        try {
            call("DEL", configuration, place);
            return true;
        } catch (ClientException refused) {
            if (refused.isNotFound()) {
                return false;
            }
            throw refused;
        }
    }

    private JsonNode call(String command, ObjectNode configuration, Place place) {
        try (NetworkNamespace container = NetworkNamespace.of(Descriptor.open(place.path()))
                .orElseThrow(() -> new HostException(place.path() + " is not a network namespace"))) {
            Map<String, String> variables = new TreeMap<>(Map.of(
                    "CNI_COMMAND",
                    command,
                    "CNI_CONTAINERID",
                    identity(place, container),
                    "CNI_NETNS",
                    place.path().toString(),
                    "CNI_IFNAME",
                    interfaceName));
            return new CniClient(socket).call(variables, configuration.toString(), container);
        } catch (KernelException gone) {
            throw new HostException("cannot " + gone.getMessage(), gone);
        }
    }

    /** The files of the target; empty where the namespace has no name. */
    public Optional<NamespaceFiles> files() {
        return Optional.of(target)
                .filter(AttachTarget::isPath)
                .flatMap(path -> NamespaceFiles.of(Path.of(path), network));
    }

    /** That it is not attached, in words. */
    public String notAttached() {
        return target + " is not attached to network " + network + " by interface " + interfaceName;
    }

    /** What the target is called anyway: a namespace by "ip netns", or a Docker container; empty where that is no name for neighbours. */
    public Optional<String> ownName(Map<String, String> environment) {
        Optional<String> name = isPath(target)
                ? NamespaceFiles.nameOf(Path.of(target))
                : Optional.of(target).filter(text -> !isProcess(text)).map(container -> container(environment)
                        .name());
        return name.flatMap(DomainName::label).map(DomainName::text);
    }

    private static boolean isPath(String text) {
        return text.startsWith("/");
    }

    private static boolean isProcess(String text) {
        return text.matches("[0-9]{1,9}");
    }

    /**
     * Where the target's namespace is.
     *
     * @param name what it is called there, by Docker or {@code ip netns}
     */
    private record Place(Path path, Optional<String> name) {
        static Place ofProcess(long pid, Optional<String> name) {
            return new Place(Path.of("/proc", Long.toString(pid), "ns", "net"), name);
        }
    }

    private Place place(Map<String, String> environment) {
        if (isPath(target)) {
            return new Place(Path.of(target), NamespaceFiles.nameOf(Path.of(target)));
        }
        if (isProcess(target)) {
            return Place.ofProcess(Long.parseLong(target), Optional.empty());
        }
        RunningContainer container = container(environment);
        return Place.ofProcess(container.processId(), Optional.of(container.id()));
    }

    private RunningContainer container(Map<String, String> environment) {
        try {
            return DockerClient.of(environment).running(target);
        } catch (ClientException unknown) {
            throw NamespaceFiles.called(target)
                    .map(namespace -> ClientException.of(
                            unknown.getMessage() + "; the namespace of \"ip netns\" is " + namespace, unknown))
                    .orElse(unknown);
        }
    }

    /** The same however it was typed. A number is another namespace's when this one has ended, and the attachment with it. */
    private static String identity(Place place, NetworkNamespace namespace) {
        return Attachments.BY_HAND
                + place.name()
                        .filter(name -> !name.matches(NUMBERED + "[0-9]+"))
                        .orElseGet(() -> NUMBERED + namespace.identity().inode());
    }
}
