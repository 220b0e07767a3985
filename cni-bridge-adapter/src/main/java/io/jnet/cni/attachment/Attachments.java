package io.jnet.cni.attachment;

import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.network.CniNetworks;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.result.CniResult;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.engine.link.ContainerSide;
import io.jnet.engine.network.Network;
import io.jnet.engine.port.PortRequest;
import io.jnet.ipam.AddressPools;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** ADD, DEL and GC. */
public final class Attachments {
    private final Engine engine;
    private final CniNetworks networks;
    private final Leases leases;

    public Attachments(Engine engine, CniNetworks networks, AddressPools pools) {
        this.engine = engine;
        this.networks = networks;
        this.leases = new Leases(networks, pools);
    }

    /**
     * Attaches a container; nothing is left when it throws.
     *
     * @param namespace the container's
     */
    public CniResult add(NetworkConfiguration configuration, CniEnvironment environment, NetworkNamespace namespace) {
        if (configuration.previous().isPresent()) {
            throw CniException.unsupported(
                    "prevResult is not supported: jnet makes the interface, put it first in the list of plugins");
        }
        EndpointId id = id(configuration, environment);
        engine.findEndpoint(id).ifPresent(existing -> {
            throw new CniException(
                    CniCode.CONFLICT,
                    "container " + environment.containerId() + " is on network " + configuration.name()
                            + " by interface " + environment.container() + " already");
        });
        boolean known = networks.find(configuration.name()).isPresent();
        Network network = networks.require(configuration);
        try {
            return attach(network, id, configuration, environment, namespace);
        } catch (RuntimeException failure) {
            if (!known) {
                networks.removeUnused(network, failure);
            }
            throw failure;
        }
    }

    private CniResult attach(
            Network network,
            EndpointId id,
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace) {
        List<IpPrefix> addresses = leases.take(network, configuration, environment);
        try {
            return attach(network, id, addresses, configuration, environment, namespace);
        } catch (RuntimeException failure) {
            undo(network, id, failure);
            leases.release(network, addresses, failure);
            throw failure;
        }
    }

    /** Detaches a container; whatever is not there any more is no error. */
    public void delete(NetworkConfiguration configuration, CniEnvironment environment) {
        networks.find(configuration.name()).ifPresent(network -> {
            engine.findEndpoint(id(configuration, environment)).ifPresent(endpoint -> remove(network, endpoint));
            leases.release(network, environment);
        });
    }

    /** Detaches all containers of a network but those that are named; without names nothing is known, and nothing done. */
    public void collect(NetworkConfiguration configuration) {
        Optional<Network> found = networks.find(configuration.name());
        if (found.isEmpty() || configuration.attachments().isEmpty()) {
            return;
        }
        Network network = found.get();
        Set<EndpointId> valid = configuration.attachments().get().stream()
                .map(one -> AttachmentId.of(configuration.name(), one.containerId(), one.interfaceName()))
                .collect(Collectors.toSet());
        RuntimeException failed = null;
        for (Endpoint endpoint : engine.endpoints()) {
            boolean abandoned = endpoint.spec().network().equals(network.id())
                    && AttachmentId.isAttachment(endpoint)
                    && !valid.contains(endpoint.id());
            if (abandoned) {
                try {
                    remove(network, endpoint);
                } catch (RuntimeException failure) {
                    failed = failed == null ? failure : failed;
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    static EndpointId id(NetworkConfiguration configuration, CniEnvironment environment) {
        return AttachmentId.of(
                configuration.name(),
                environment.containerId(),
                environment.container().value());
    }

    private CniResult attach(
            Network network,
            EndpointId id,
            List<IpPrefix> addresses,
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace) {
        engine.createEndpoint(new EndpointSpec(
                network.id(),
                id,
                addresses,
                configuration.runtime().mac(),
                Optional.of(environment.containerId()),
                portHolder(configuration, environment)));
        Gateways gateways = new Gateways(network, configuration);
        List<ContainerRoute> routes = gateways.routes(addresses);
        ContainerSide side = new ContainerSide(
                namespace,
                environment.container(),
                addresses,
                routes.stream().map(gateways::complete).toList(),
                configuration.duplicateDetection());
        Endpoint endpoint =
                engine.connect(network.id(), id, environment.namespacePath().orElse(""), side);
        leases.use(network, endpoint);
        List<PortRequest> ports = ports(configuration, addresses);
        if (!ports.isEmpty()) {
            engine.publish(network.id(), id, ports);
        }
        return result(network, endpoint, environment, gateways, routes, configuration);
    }

    private static CniResult result(
            Network network,
            Endpoint endpoint,
            CniEnvironment environment,
            Gateways gateways,
            List<ContainerRoute> routes,
            NetworkConfiguration configuration) {
        List<CniResult.Interface> interfaces = List.of(
                new CniResult.Interface(
                        network.bridge().value(),
                        network.bridgeMac(),
                        network.spec().mtu(),
                        Optional.empty()),
                new CniResult.Interface(
                        endpoint.hostLink().value(),
                        endpoint.hostMac(),
                        network.spec().mtu(),
                        Optional.empty()),
                new CniResult.Interface(
                        environment.container().value(),
                        endpoint.mac(),
                        network.spec().mtu(),
                        environment.namespacePath()));
        return new CniResult(
                interfaces,
                endpoint.spec().addresses().stream()
                        .map(address -> new CniResult.Address(address, gateways.of(address.family())))
                        .toList(),
                routes,
                configuration.dns());
    }

    /**
     * Podman and nerdctl bind what they publish themselves, after the ADD, and fail where somebody else has. They are known by what they
     * put into CNI_ARGS: Podman the container's name as a pod's, without a namespace, which Kubernetes' runtimes always name.
     */
    private static PortHolder portHolder(NetworkConfiguration configuration, CniEnvironment environment) {
        boolean podman = environment.argument("K8S_POD_NAME").isPresent()
                && environment.argument("K8S_POD_NAMESPACE").isEmpty();
        boolean nerdctl = environment.argument("NERDCTL_CNI_DHCP_HOSTNAME").isPresent();
        return configuration.reservePorts().orElse(!podman && !nerdctl) ? PortHolder.ENGINE : PortHolder.RUNTIME;
    }

    /** A mapping for a host address of a family that the container has none of is passed over, as the reference plugin does. */
    private static List<PortRequest> ports(NetworkConfiguration configuration, List<IpPrefix> addresses) {
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

    private void remove(Network network, Endpoint endpoint) {
        engine.deleteEndpoint(network.id(), endpoint.id());
        // Only now: nobody else may have an address that a container still uses.
        leases.release(network, endpoint);
    }

    private void undo(Network network, EndpointId id, RuntimeException cause) {
        try {
            engine.deleteEndpoint(network.id(), id);
        } catch (RuntimeException undo) {
            cause.addSuppressed(undo);
        }
    }
}
