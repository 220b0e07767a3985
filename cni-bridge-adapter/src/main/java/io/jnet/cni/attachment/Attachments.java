package io.jnet.cni.attachment;

import io.jnet.cni.configuration.IpamConfiguration.AddressSource;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.NetworkConfiguration.AttachmentName;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.network.CniNetworks;
import io.jnet.cni.network.Undoing;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.result.CniResult;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.engine.link.ContainerSide;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.ipam.AddressPools;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.sysctl.NetworkSetting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ADD, DEL and GC. */
public final class Attachments {
    /** What ids of containers begin with that people attach by hand. */
    public static final String BY_HAND = "by-hand.";

    private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);

    private final Engine engine;
    private final CniNetworks networks;
    private final Leases leases;
    private final Ports ports;
    private final HandMade handMade;
    private final ContainerLocks locks = new ContainerLocks();
    /** Taken after those of containers. */
    private final ContainerLocks pods = new ContainerLocks();

    public Attachments(Engine engine, CniNetworks networks, AddressPools pools) {
        this.engine = engine;
        this.networks = networks;
        this.ports = new Ports(engine);
        this.handMade = new HandMade(engine);
        this.leases = new Leases(engine, networks, pools);
    }

    /** A container's id without what tells that it was attached by hand. */
    public static String withoutMark(String containerId) {
        return HandMade.isCalledSo(containerId) ? containerId.substring(BY_HAND.length()) : containerId;
    }

    /** Whether an endpoint is an attachment of CNI's, or one that was made by hand. */
    public static boolean owns(Endpoint endpoint) {
        return AttachmentId.isAttachment(endpoint);
    }

    /**
     * Attaches a container; nothing is left when it throws.
     *
     * @param namespace the container's
     * @param received what another plugin gave; absent where addresses are jnet's to give
     * @param delivery is given the result; the addition is undone when it throws
     * @return what the delivery makes of the result
     */
    public <T> T add(
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace,
            Optional<ReceivedResult> received,
            Function<CniResult, T> delivery) {
        return alone(environment, () -> {
            requireNew(configuration, environment, namespace);
            return networks.with(
                    configuration,
                    received,
                    HandMade.isCalledSo(environment.containerId()),
                    network -> attach(network, configuration, environment, namespace, received, delivery));
        });
    }

    /**
     * Refuses a container that is on the network already by the same interface. An attachment of its name that has ended without a word, maybe before
     * the engine has heard of the end, is removed: some runtimes use an id, and the path of a namespace, again at once.
     *
     * @param namespace the container's
     * @throws CniException with {@link CniCode#CONFLICT}
     */
    public void requireNew(NetworkConfiguration configuration, CniEnvironment environment, NetworkNamespace namespace) {
        alone(environment, () -> {
            Optional<Endpoint> existing = engine.findEndpoint(id(configuration.name(), environment));
            if (existing.isEmpty()) {
                return existing;
            }
            if (!EndedAttachment.is(existing.get(), namespace)) {
                throw new CniException(
                        CniCode.CONFLICT,
                        "container " + environment.containerId() + " is on network " + configuration.name()
                                + " by interface " + environment.container() + " already");
            }
            networks.find(configuration.name()).ifPresent(network -> remove(network, existing.get()));
            return existing;
        });
    }

    /**
     * Detaches a container. Whatever is not there any more is no error for a runtime; who detaches by hand is told.
     *
     * @param namespace the container's; empty where it is gone, or nobody has named it
     * @param giver the plugin that gives addresses, where it is another one
     * @throws CniException with {@link CniCode#UNKNOWN_CONTAINER} when somebody detaches by hand what is not attached
     */
    public void delete(
            String networkName,
            CniEnvironment environment,
            Optional<NetworkNamespace> namespace,
            Optional<String> giver) {
        if (deleted(networkName, environment, giver) || !HandMade.isCalledSo(environment.containerId())) {
            return;
        }
        Optional<String> other = networks.find(networkName)
                .flatMap(network -> namespace.flatMap(inside -> handMade.find(network, environment, inside)))
                .filter(called -> deleted(networkName, environment.withContainer(called), giver));
        if (other.isEmpty()) {
            throw new CniException(
                    CniCode.UNKNOWN_CONTAINER,
                    "container " + environment.containerId() + " is not on network " + networkName + " by interface "
                            + environment.container());
        }
    }

    /**
     * Detaches a container, and says whether it was attached. Without its namespace that is told before its end (nerdctl asks before it has told the
     * container to stop): it is not published any more, and keeps its interface and address until its namespace ends. Another plugin gives
     * an address away again in any case.
     *
     * @param giver that plugin
     */
    boolean deleted(String networkName, CniEnvironment environment, Optional<String> giver) {
        return alone(environment, () -> {
            Optional<Network> network = networks.find(networkName);
            Optional<Endpoint> attached = network.flatMap(found -> engine.findEndpoint(id(networkName, environment)));
            attached.ifPresent(endpoint -> {
                if (giver.isEmpty()
                        && environment.namespacePath().isEmpty()
                        && isInUse(endpoint)
                        && leases.hold(network.get(), endpoint)) {
                    engine.unpublish(network.get().id(), endpoint.id());
                    return;
                }
                remove(network.get(), endpoint);
                if (environment.namespacePath().isPresent()) {
                    ports.handOver(endpoint);
                }
            });
            network.ifPresent(found -> leases.release(found, environment));
            return attached.isPresent();
        });
    }

    /**
     * Removes what an addition left that never came to its end, because the process that made it was killed: nobody goes on with it; and gives back
     * addresses whose attachments have gone without a word. For when no call is under way.
     */
    public void removeUnfinished() {
        for (Endpoint endpoint : engine.endpoints()) {
            if (AttachmentId.isAttachment(endpoint) && endpoint.state() != EndpointState.JOINED) {
                try {
                    remove(engine.network(endpoint.spec().network().value()), endpoint);
                } catch (EngineException refused) {
                    LOG.atWarn()
                            .addKeyValue("endpoint", endpoint.id())
                            .log("cannot remove an unfinished attachment: {}", refused.getMessage());
                }
            }
        }
        leases.releaseUnused();
    }

    /**
     * Detaches all containers of a network but those that are named. What people have attached by hand no runtime knows of, and stays.
     *
     * @param named absent: nobody knows, and nothing is done
     */
    public void collect(String networkName, Optional<Set<AttachmentName>> named) {
        Optional<Network> found = networks.find(networkName);
        if (found.isEmpty() || named.isEmpty()) {
            return;
        }
        Set<EndpointId> valid = named.get().stream()
                .map(one -> AttachmentId.of(networkName, one.containerId(), one.interfaceName()))
                .collect(Collectors.toSet());
        List<RuntimeException> failures = new ArrayList<>();
        for (Endpoint endpoint : engine.endpoints()) {
            boolean abandoned = endpoint.spec().network().equals(found.get().id())
                    && AttachmentId.isAttachment(endpoint)
                    && !HandMade.is(endpoint)
                    && !valid.contains(endpoint.id());
            if (abandoned) {
                try {
                    locks.with(endpoint.spec().container().orElse(""), () -> {
                        engine.findEndpoint(endpoint.id()).ifPresent(one -> remove(found.get(), one));
                        return endpoint;
                    });
                } catch (RuntimeException failure) {
                    failures.add(failure);
                }
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private <T> T attach(
            Network network,
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace,
            Optional<ReceivedResult> received,
            Function<CniResult, T> delivery) {
        EndpointId id = id(configuration.name(), environment);
        Leases.Draw draw = configuration.ipam().source() == AddressSource.POOLS
                ? leases.of(network, configuration, environment)
                : leases.of(
                        network,
                        received.stream()
                                .flatMap(result -> result.addresses().stream())
                                .map(ReceivedResult.Address::address)
                                .toList());
        Gateways gateways = new Gateways(network, configuration, received, engine.nameServers(network));
        try {
            return delivery.apply(attach(network, id, draw, gateways, configuration, environment, namespace));
        } catch (RuntimeException failure) {
            undo(network, id, failure);
            leases.release(network, environment, failure);
            throw failure;
        }
    }

    /** While no other call about the container is under way, nor about another one of its pod's name, which may be given the same address. */
    <T> T alone(CniEnvironment environment, Supplier<T> work) {
        return locks.with(
                environment.containerId(),
                () -> environment.podName().map(pod -> pods.with(pod, work)).orElseGet(work));
    }

    static EndpointId id(String networkName, CniEnvironment environment) {
        return AttachmentId.of(
                networkName, environment.containerId(), environment.container().value());
    }

    private CniResult attach(
            Network network,
            EndpointId id,
            Leases.Draw draw,
            Gateways gateways,
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace) {
        EndpointSpec spec = new EndpointSpec(
                        network.id(),
                        id,
                        draw.subnets(),
                        configuration.runtime().mac(),
                        Optional.of(environment.containerId()),
                        Ports.holder(configuration, environment))
                .shapedTo(configuration.bandwidth().limits())
                .publishing(configuration.publish())
                .called(configuration.runtime().names());
        Function<List<IpPrefix>, ContainerSide> side =
                addresses -> side(network, namespace, configuration, environment, addresses, gateways);
        String sandbox = environment.namespacePath().orElse("");
        Endpoint endpoint = ports.with(
                spec, configuration, environment, published -> engine.attach(spec, draw, sandbox, side, published));
        leases.announce();
        // Its namespace may have ended meanwhile. The addresses go now, since the reclaimer may have passed them by as
        // being on their way.
        if (engine.findEndpoint(id).isEmpty()) {
            throw new CniException(
                    CniCode.UNKNOWN_CONTAINER, "container " + environment.containerId() + " has ended meanwhile");
        }
        return result(network, endpoint, environment, endpoint.spec().addresses(), gateways);
    }

    /** The container's side with these addresses. */
    static ContainerSide side(
            Network network,
            NetworkNamespace namespace,
            NetworkConfiguration configuration,
            CniEnvironment environment,
            List<IpPrefix> addresses,
            Gateways gateways) {
        List<ContainerRoute> routes = gateways.routes(addresses).stream()
                .map(route -> gateways.complete(route, addresses))
                .toList();
        return new ContainerSide(
                namespace,
                environment.container(),
                addresses,
                routes,
                linkLocal(network, routes, configuration),
                configuration.duplicateDetection(),
                configuration.tuning());
    }

    /**
     * A container with IPv4 addresses only has IPv6 where it may have a use for it: where a router may advertise prefixes, on a bridge of somebody
     * else's or among neighbours that may be one, and where the configuration says anything about IPv6.
     */
    private static boolean linkLocal(Network network, List<ContainerRoute> routes, NetworkConfiguration configuration) {
        return network.adopted().isPresent()
                || network.spec().flags().contains(NetworkFlag.ROUTERS)
                || routes.stream().anyMatch(route -> route.destination().family() == AddressFamily.INET6)
                || configuration.duplicateDetection()
                || configuration.tuning().settings().keySet().stream().anyMatch(NetworkSetting::isOfIpv6);
    }

    static CniResult result(
            Network network,
            Endpoint endpoint,
            CniEnvironment environment,
            List<IpPrefix> addresses,
            Gateways gateways) {
        List<CniResult.Interface> interfaces = new ArrayList<>(List.of(
                new CniResult.Interface(
                        network.bridge().value(),
                        bridgeMac(network),
                        network.spec().mtu(),
                        Optional.empty()),
                new CniResult.Interface(
                        endpoint.hostLink().value(),
                        Optional.of(endpoint.hostMac()),
                        network.spec().mtu(),
                        Optional.empty()),
                new CniResult.Interface(
                        environment.container().value(),
                        Optional.of(endpoint.mac()),
                        network.spec().mtu(),
                        environment.namespacePath())));
        endpoint.shaper()
                .ifPresent(shaper -> interfaces.add(
                        interfaces.size() - 1,
                        new CniResult.Interface(
                                shaper.value(),
                                Optional.of(endpoint.shaperMac()),
                                network.spec().mtu(),
                                Optional.empty())));
        return new CniResult(
                interfaces,
                addresses.stream()
                        .map(address -> new CniResult.Address(address, gateways.of(address)))
                        .toList(),
                gateways.routes(addresses),
                gateways.dns());
    }

    /** A bridge that was there before keeps its own. */
    private static Optional<MacAddress> bridgeMac(Network network) {
        return network.adopted().isEmpty()
                ? Optional.of(network.bridgeMac())
                : LinkSearch.find(links -> links.find(network.bridge())).flatMap(Link::mac);
    }

    /** Whether there is a namespace where the container's was. */
    private static boolean isInUse(Endpoint endpoint) {
        return endpoint.state() == EndpointState.JOINED
                && endpoint.sandbox()
                        .filter(path -> !path.isEmpty() && NetworkNamespace.isAt(Path.of(path)))
                        .isPresent();
    }

    private void remove(Network network, Endpoint endpoint) {
        engine.deleteEndpoint(network.id(), endpoint.id());
        // Only now: nobody else may have an address that a container still uses.
        leases.release(network, endpoint);
    }

    void undo(Network network, EndpointId id, RuntimeException cause) {
        Undoing.because(cause, () -> engine.deleteEndpoint(network.id(), id));
    }

    /** A network that was made for a container that did not come; others may be on it by now. */
    void removeUnused(Network network) {
        try {
            networks.remove(network.id().value());
        } catch (EngineException inUse) {
            LOG.atDebug().addKeyValue("network", network.id()).log("stays: {}", inUse.getMessage());
        }
    }
}
