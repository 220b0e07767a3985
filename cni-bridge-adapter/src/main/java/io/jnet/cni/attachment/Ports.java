package io.jnet.cni.attachment;

import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports that a runtime wants published. */
final class Ports {
    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private final Engine engine;

    Ports(Engine engine) {
        this.engine = engine;
    }

    /**
     * Attaches an endpoint with its ports. Runtimes ask for a container's ports on each of its networks; the first one has them, and that is
     * no clash.
     *
     * @param attach attaches it with those that it is given
     */
    Endpoint with(
            EndpointSpec endpoint,
            NetworkConfiguration configuration,
            CniEnvironment environment,
            Function<List<PortRequest>, Endpoint> attach) {
        List<PortRequest> ports = reachable(endpoint, configuration, environment);
        try {
            return attach.apply(ports);
        } catch (EngineException refused) {
            if (refused.code() != ErrorCode.CONFLICT) {
                throw refused;
            }
            List<PortRequest> others = ports.stream()
                    .filter(port -> !isPublishedFor(endpoint, port))
                    .toList();
            if (others.size() == ports.size()) {
                throw refused;
            }
            return attach.apply(others);
        }
    }

    /**
     * Where a runtime asks on each network, none on one that gives the container no address: another network publishes them, and which of both
     * comes first is a matter of chance with Podman.
     */
    private static List<PortRequest> reachable(
            EndpointSpec endpoint, NetworkConfiguration configuration, CniEnvironment environment) {
        List<PortRequest> ports = of(configuration, endpoint.addresses());
        if (ports.isEmpty() || !endpoint.addresses().isEmpty() || !asksOnEachNetwork(environment)) {
            return ports;
        }
        LOG.atWarn()
                .addKeyValue("endpoint", endpoint.id())
                .log(
                        "ports are not published on network {}, where jnet knows no address of the container",
                        configuration.name());
        return List.of();
    }

    /**
     * Publishes what a container's interface had by another one that it still has, where its runtime asks for the ports of the container on each
     * of its networks: one that has left a network is published as before. What cannot be published is told by the log.
     *
     * @param removed the endpoint that had them
     */
    void handOver(Endpoint removed) {
        if (removed.spec().portHolder() != PortHolder.RUNTIME || removed.ports().isEmpty()) {
            return;
        }
        List<Endpoint> heirs = engine.endpoints().stream()
                .filter(other -> AttachmentId.isAttachment(other)
                        && other.state() == EndpointState.JOINED
                        && other.spec().portHolder() == PortHolder.RUNTIME
                        && other.spec().container().equals(removed.spec().container()))
                .toList();
        for (Endpoint heir : heirs) {
            if (handOver(removed, heir)) {
                return;
            }
        }
    }

    /** Whether the other interface has them now: on an internal network nothing is published. */
    private boolean handOver(Endpoint removed, Endpoint heir) {
        Set<AddressFamily> families =
                heir.spec().addresses().stream().map(IpPrefix::family).collect(Collectors.toSet());
        List<PortRequest> ports = Stream.of(heir, removed)
                .flatMap(endpoint -> endpoint.ports().stream())
                .flatMap(binding -> binding.requests().stream())
                .filter(port -> port.hostAddress()
                        .map(host -> families.contains(host.family()))
                        .orElse(true))
                .distinct()
                .toList();
        try {
            return engine.publish(heir.spec().network(), heir.id(), ports).size()
                    > heir.ports().size();
        } catch (EngineException refused) {
            LOG.atWarn()
                    .addKeyValue("endpoint", heir.id())
                    .log(
                            "cannot publish the ports of an interface that its container has lost: {}",
                            refused.getMessage());
            return false;
        }
    }

    /**
     * @throws CniException with {@link CniCode#NOT_AS_MADE} when a port that is wanted is not published for the container, by this interface
     *     or another one
     */
    void requirePublished(Endpoint endpoint, NetworkConfiguration configuration) {
        if (endpoint.spec().addresses().isEmpty()) {
            return;
        }
        of(configuration, endpoint.spec().addresses()).stream()
                .filter(port -> !isLetIn(endpoint, port) && !isPublishedFor(endpoint.spec(), port))
                .findFirst()
                .ifPresent(port -> {
                    throw new CniException(
                            CniCode.NOT_AS_MADE,
                            "port " + port.hostPorts().map(PortRange::toString).orElse("") + "/"
                                    + port.protocol().text() + " of the host does not lead to port "
                                    + port.containerPort() + " of the container");
                });
    }

    /** The network may say by which host address, or that there is none to take: then the port is open at the container's own. */
    private static boolean isLetIn(Endpoint endpoint, PortRequest port) {
        return endpoint.ports().stream().anyMatch(binding -> leadsTo(binding, port))
                || endpoint.open().stream()
                        .anyMatch(open -> open.protocol() == port.protocol()
                                && open.ports().overlaps(PortRange.of(port.containerPort())));
    }

    /** Whether the container's port is published already by its interface on another network. */
    private boolean isPublishedFor(EndpointSpec endpoint, PortRequest port) {
        return engine.endpoints().stream()
                .filter(other -> AttachmentId.isAttachment(other)
                        && !other.id().equals(endpoint.id())
                        && other.spec().container().equals(endpoint.container()))
                .flatMap(other -> other.ports().stream())
                .anyMatch(binding -> binding.hostAddress().equals(port.hostAddress()) && leadsTo(binding, port));
    }

    private static boolean leadsTo(PortBinding binding, PortRequest port) {
        return binding.protocol() == port.protocol()
                && port.hostPorts().filter(binding.hostPorts()::overlaps).isPresent()
                && port.hostPorts().get().first() - binding.hostPorts().first()
                        == port.containerPort() - binding.containerPort();
    }

    /**
     * Podman and nerdctl bind what they publish themselves, after the ADD or before, and fail where somebody else has. They are known by what they
     * put into CNI_ARGS: Podman the container's name as a pod's, without a namespace, which Kubernetes' runtimes always name.
     */
    static PortHolder holder(NetworkConfiguration configuration, CniEnvironment environment) {
        return configuration.reservePorts().orElse(!asksOnEachNetwork(environment))
                ? PortHolder.ENGINE
                : PortHolder.RUNTIME;
    }

    private static boolean asksOnEachNetwork(CniEnvironment environment) {
        boolean podman =
                environment.argument("K8S_POD_NAME").isPresent() && !environment.hasArgument("K8S_POD_NAMESPACE");
        return podman || environment.hasArgument("NERDCTL_CNI_DHCP_HOSTNAME");
    }

    /**
     * A mapping for a host address of a family that the container has none of is passed over, as the reference plugin does. Of a container without
     * addresses there are all.
     */
    static List<PortRequest> of(NetworkConfiguration configuration, List<IpPrefix> addresses) {
        if (addresses.isEmpty()) {
            return configuration.runtime().ports();
        }
        Set<AddressFamily> families = addresses.stream().map(IpPrefix::family).collect(Collectors.toSet());
        List<PortRequest> ports = new ArrayList<>();
        for (PortRequest port : configuration.runtime().ports()) {
            Optional<IpAddress> host = port.hostAddress();
            if (host.isEmpty() || families.contains(host.get().family())) {
                ports.add(port);
            }
        }
        return ports;
    }
}
