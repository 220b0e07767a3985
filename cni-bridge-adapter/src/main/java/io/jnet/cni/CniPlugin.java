package io.jnet.cni;

import io.jnet.cni.attachment.AttachmentCheck;
import io.jnet.cni.attachment.Attachments;
import io.jnet.cni.attachment.ChainedAttachments;
import io.jnet.cni.attachment.DetectingAttachments;
import io.jnet.cni.attachment.LinkFirstAttachments;
import io.jnet.cni.configuration.ConfigurationReader;
import io.jnet.cni.configuration.IpamConfiguration;
import io.jnet.cni.configuration.IpamConfiguration.AddressSource;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.network.CniNetworks;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.protocol.Command;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.cni.result.CniResult;
import io.jnet.cni.result.ResultWriter;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.failure.Reasons;
import io.jnet.engine.network.Network;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolId;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NamespaceIdentity;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The CNI plugin: answers calls of its executable. Thread-safe; different containers are served side by side. */
public final class CniPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(CniPlugin.class);

    private final Engine engine;
    private final AddressPools pools;
    private final CniNetworks networks;
    private final Attachments attachments;
    private final ChainedAttachments chained;
    private final LinkFirstAttachments linkFirstAttachments;
    private final DetectingAttachments detectingAttachments;
    private final AttachmentCheck check;
    private final NamespaceIdentity own;

    /** The plugin of the network namespace that the calling thread is in. */
    public CniPlugin(Engine engine, AddressPools pools) {
        this.engine = engine;
        this.pools = pools;
        this.networks = new CniNetworks(engine, pools);
        this.attachments = new Attachments(engine, networks, pools);
        this.chained = new ChainedAttachments(engine, networks, attachments);
        this.linkFirstAttachments = new LinkFirstAttachments(engine, networks, attachments);
        this.detectingAttachments = new DetectingAttachments(networks, attachments);
        this.check = new AttachmentCheck(engine, networks);
        try (NetworkNamespace current = NetworkNamespace.current()) {
            this.own = current.identity();
        }
        attachments.removeUnfinished();
        networks.releaseAbandonedPools();
    }

    /** Whether a network was made for a CNI configuration. */
    public static boolean owns(Network network) {
        return CniNetworks.isOfCni(network);
    }

    /** Whether an endpoint was made for a CNI runtime, or by hand. */
    public static boolean owns(Endpoint endpoint) {
        return Attachments.owns(endpoint);
    }

    /**
     * What the runtime calls the container of an endpoint: its id; by hand, Docker's id or what {@code ip netns} calls the namespace. Empty where no
     * runtime of CNI has asked for the endpoint.
     */
    public static Optional<String> container(Endpoint endpoint) {
        return endpoint.spec().container().filter(id -> owns(endpoint)).map(Attachments::withoutMark);
    }

    /** Whether a pool was made for a CNI configuration. */
    public static boolean owns(Pool pool) {
        return CniNetworks.isOfCni(pool);
    }

    /** The network namespace that the plugin makes networks in. */
    public NamespaceIdentity namespace() {
        return own;
    }

    /**
     * Removes a network that a configuration has made, with its pools.
     *
     * @param reference its name, id, or a unique prefix of the id
     * @throws EngineException {@code NOT_FOUND} when there is none, {@code CONFLICT} when it is somebody else's or in use
     */
    public Network removeNetwork(String reference) {
        return networks.remove(reference);
    }

    /**
     * Removes a network of any front end that this has forgotten.
     *
     * @throws EngineException {@code NOT_FOUND} when there is none, {@code CONFLICT} when it is in use
     */
    public Network removeForgottenNetwork(String reference) {
        return networks.removeForgotten(reference);
    }

    /** Answers one call; never throws. */
    public CniAnswer answer(CniRequest request) {
        return answer(request, result -> {});
    }

    /**
     * Answers one call, and takes back an addition whose result does not reach its caller: nobody would know of it.
     *
     * @param delivery is given the result of an addition, before anybody else can do something about the container; throws a
     *     {@link KernelException} when the caller is gone
     * @return the answer; of a successful addition what the delivery had
     */
    public CniAnswer answer(CniRequest request, Consumer<CniAnswer> delivery) {
        SpecVersion version = SpecVersion.V1_0_0;
        try {
            CniEnvironment environment = CniEnvironment.of(request.environment());
            ConfigurationReader reader = ConfigurationReader.of(request.configuration());
            version = reader.version();
            return answer(request, environment, reader, delivery);
        } catch (CniException refused) {
            return failure(version, refused);
        } catch (EngineException refused) {
            return failure(version, CniException.of(refused));
        } catch (RuntimeException defect) {
            LOG.atError().setCause(defect).log("unexpected failure");
            return failure(version, new CniException(CniCode.INTERNAL, Reasons.DEFECT));
        }
    }

    private CniAnswer answer(
            CniRequest request, CniEnvironment environment, ConfigurationReader reader, Consumer<CniAnswer> delivery) {
        requireVersion(environment.command(), reader.version());
        return switch (environment.command()) {
            case ADD -> add(request, environment, reader.read(environment, request.resolverFile()), delivery);
            case DEL -> delete(request, environment, reader);
            case CHECK -> {
                check(request, environment, reader.read(environment));
                yield delegated(reader);
            }
            case GC -> {
                attachments.collect(reader.networkName(), reader.attachments());
                yield delegated(reader);
            }
            case STATUS -> {
                status(reader.read(environment));
                yield delegated(reader);
            }
        };
    }

    private CniAnswer add(
            CniRequest request,
            CniEnvironment environment,
            NetworkConfiguration configuration,
            Consumer<CniAnswer> delivery) {
        NetworkNamespace container = container(request, environment);
        if (configuration.previousNode().isPresent()) {
            CniAnswer answer = CniAnswer.success(
                    ResultWriter.passOn(configuration.previousNode().get(), configuration.version()));
            return chained.add(configuration, environment, container, () -> {
                deliver(answer, delivery);
                return answer;
            });
        }
        Optional<String> plugin = configuration.ipam().plugin();
        boolean linkFirst = configuration.ipam().source() == AddressSource.ON_LINK;
        if (linkFirst && request.ipamResult().isEmpty()) {
            linkFirstAttachments.connect(configuration, environment, container);
            return CniAnswer.delegateWithInterface(plugin.orElseThrow());
        }
        if (plugin.isPresent() && request.ipamResult().isEmpty()) {
            attachments.requireNew(configuration, environment, container);
            return CniAnswer.delegate(plugin.get());
        }
        if (configuration.resolverFile().isPresent() && request.resolverFile().isEmpty()) {
            return CniAnswer.readFile(configuration.resolverFile().get());
        }
        Function<CniResult, CniAnswer> answered = result -> {
            CniAnswer answer = CniAnswer.success(ResultWriter.write(result, configuration.version()));
            deliver(answer, delivery);
            return answer;
        };
        Supplier<ReceivedResult> received = () -> ReceivedResult.ofPlugin(
                plugin.orElseThrow(), request.ipamResult().orElse(""));
        return linkFirst
                ? linkFirstAttachments.complete(configuration, environment, container, received, answered)
                : detectingAttachments.add(
                        configuration, environment, container, plugin.map(name -> received.get()), answered);
    }

    private CniAnswer delete(CniRequest request, CniEnvironment environment, ConfigurationReader reader) {
        Optional<String> plugin = reader.ipamPlugin();
        boolean linkFirst = plugin.filter(IpamConfiguration::needsInterface).isPresent();
        if (linkFirst && request.ipamResult().isEmpty()) {
            return CniAnswer.delegateWithInterface(plugin.get());
        }
        attachments.delete(reader.networkName(), environment, request.container(), plugin);
        return linkFirst ? CniAnswer.success() : delegated(reader);
    }

    private void check(CniRequest request, CniEnvironment environment, NetworkConfiguration configuration) {
        NetworkNamespace container = container(request, environment);
        if (chained.hasAdded(configuration, environment)) {
            chained.check(configuration, environment);
        } else {
            check.check(configuration, environment, container);
        }
    }

    private static void deliver(CniAnswer answer, Consumer<CniAnswer> delivery) {
        try {
            delivery.accept(answer);
        } catch (KernelException gone) {
            throw new CniException(CniCode.IO_FAILURE, "the caller did not wait for its result");
        }
    }

    /** After what is jnet's own of a command: the same for the plugin that gives addresses away, where it is another one. */
    private static CniAnswer delegated(ConfigurationReader reader) {
        return reader.ipamPlugin().map(CniAnswer::delegate).orElseGet(CniAnswer::success);
    }

    private static void requireVersion(Command command, SpecVersion version) {
        SpecVersion since =
                switch (command) {
                    case ADD, DEL -> SpecVersion.V0_1_0;
                    case CHECK -> SpecVersion.V0_4_0;
                    case GC, STATUS -> SpecVersion.V1_1_0;
                };
        if (!version.isAtLeast(since)) {
            throw new CniException(
                    CniCode.INCOMPATIBLE_VERSION,
                    "CNI_COMMAND " + command + " came with version " + since + ", the configuration is in " + version);
        }
    }

    private NetworkNamespace container(CniRequest request, CniEnvironment environment) {
        String path = Printable.of(environment.namespacePath().orElse(""));
        NetworkNamespace namespace = request.container()
                .orElseThrow(() -> CniException.environment("CNI_NETNS \"" + path + "\" is not a network namespace"));
        if (namespace.identity().equals(own)) {
            throw CniException.environment("CNI_NETNS \"" + path + "\" is the host's own network namespace");
        }
        return namespace;
    }

    /** Whether a container could be added now, and whether those that there are are connected. */
    private void status(NetworkConfiguration configuration) {
        engine.standstill().ifPresent(reason -> {
            throw new CniException(CniCode.NOT_AVAILABLE, reason);
        });
        Optional<Network> network = networks.find(configuration.name());
        network.flatMap(found -> engine.networkDifference(found.id())).ifPresent(difference -> {
            throw new CniException(
                    isInUse(network.get()) ? CniCode.LIMITED_CONNECTIVITY : CniCode.NOT_AVAILABLE, difference);
        });
        List<String> troubles = engine.troubles();
        if (!troubles.isEmpty()) {
            throw new CniException(CniCode.NOT_AVAILABLE, String.join("; ", troubles));
        }
        if (network.isEmpty() || !network.get().hasBridge()) {
            return;
        }
        requireAgreement(network.get(), configuration);
        if (configuration.ipam().source() != AddressSource.POOLS) {
            return;
        }
        Set<PoolId> full = pools.pools().stream()
                .filter(report -> report.free().signum() <= 0)
                .map(report -> report.pool().id())
                .collect(Collectors.toSet());
        for (List<Pool> set : poolSets(network.get(), configuration)) {
            if (set.stream().allMatch(pool -> full.contains(pool.id()))) {
                String ranges =
                        set.stream().map(pool -> pool.prefix().toString()).collect(Collectors.joining(", "));
                throw new CniException(
                        CniCode.NOT_AVAILABLE,
                        "address pool " + ranges + " of network " + configuration.name() + " is full");
            }
        }
    }

    /** No container could be added by a configuration that was changed since the first one made the network. */
    private void requireAgreement(Network network, NetworkConfiguration configuration) {
        try {
            networks.requireAgreement(network, configuration);
        } catch (CniException contradiction) {
            throw new CniException(CniCode.NOT_AVAILABLE, contradiction.getMessage());
        }
    }

    private boolean isInUse(Network network) {
        return engine.endpoints().stream()
                .anyMatch(endpoint -> endpoint.spec().network().equals(network.id()));
    }

    private List<List<Pool>> poolSets(Network network, NetworkConfiguration configuration) {
        try {
            return networks.poolSets(network, configuration);
        } catch (CniException none) {
            throw new CniException(CniCode.NOT_AVAILABLE, none.getMessage());
        }
    }

    private static CniAnswer failure(SpecVersion version, CniException refused) {
        return CniAnswer.failure(version, refused);
    }
}
