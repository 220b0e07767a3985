package io.jnet.cni.attachment;

import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.network.CniNetworks;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.result.CniResult;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.link.ContainerConfiguration;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.sysctl.SysctlException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Additions whose addresses another plugin gets by the container's interface. That is made without addresses, the plugin is called, and what it
 * got is put on the interface. In between the attachment waits for its addresses, and goes when they do not come.
 */
public final class LinkFirstAttachments {
    private static final Logger LOG = LoggerFactory.getLogger(LinkFirstAttachments.class);
    /** The executable gives up before ({@code jnet-cni.c}). */
    private static final int PATIENCE_SECONDS = 40;

    private final Engine engine;
    private final CniNetworks networks;
    private final Attachments attachments;
    private final Map<EndpointId, Waiting> waiting = new ConcurrentHashMap<>();

    /** An attachment that waits; another one of the same name is not it. */
    private static final class Waiting {
        private final boolean madeNetwork;

        Waiting(boolean madeNetwork) {
            this.madeNetwork = madeNetwork;
        }
    }

    public LinkFirstAttachments(Engine engine, CniNetworks networks, Attachments attachments) {
        this.engine = engine;
        this.networks = networks;
        this.attachments = attachments;
    }

    /**
     * Attaches a container without addresses; nothing is left when it throws.
     *
     * @param namespace the container's
     */
    public void connect(NetworkConfiguration configuration, CniEnvironment environment, NetworkNamespace namespace) {
        EndpointId id = Attachments.id(configuration.name(), environment);
        Waiting started = attachments.alone(environment, () -> {
            if (waiting.containsKey(id)) {
                // Of an executable that was killed.
                takeBack(configuration, environment, waiting.get(id));
            }
            Waiting fresh = new Waiting(networks.find(configuration.name()).isEmpty());
            return attachments.add(configuration, environment, namespace, Optional.empty(), result -> {
                waiting.put(id, fresh);
                return fresh;
            });
        });
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .execute(() -> giveUp(configuration, environment, started));
    }

    /**
     * Gives an attachment its addresses; nothing is left of it when it throws.
     *
     * @param namespace the container's
     * @param received what the plugin gave
     * @param delivery is given the result; the addition is undone when it throws
     * @return what the delivery makes of the result
     */
    public <T> T complete(
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace,
            Supplier<ReceivedResult> received,
            Function<CniResult, T> delivery) {
        EndpointId id = Attachments.id(configuration.name(), environment);
        return attachments.alone(environment, () -> {
            Optional<Waiting> known = Optional.ofNullable(waiting.remove(id));
            Endpoint endpoint = engine.findEndpoint(id)
                    .filter(one -> one.state() == EndpointState.JOINED)
                    .orElseThrow(() -> new CniException(
                            CniCode.TRY_AGAIN,
                            "container " + environment.containerId() + " has left network " + configuration.name()));
            Network network = engine.network(endpoint.spec().network().value());
            try {
                return delivery.apply(
                        addressed(network, endpoint, configuration, environment, namespace, received.get()));
            } catch (RuntimeException failure) {
                attachments.undo(network, id, failure);
                known.filter(one -> one.madeNetwork).ifPresent(one -> attachments.removeUnused(network));
                throw failure;
            }
        });
    }

    private static CniResult addressed(
            Network network,
            Endpoint endpoint,
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace,
            ReceivedResult received) {
        Gateways gateways = new Gateways(network, configuration, Optional.of(received), List.of());
        List<IpPrefix> addresses = received.addresses().stream()
                .map(ReceivedResult.Address::address)
                .toList();
        try {
            new ContainerConfiguration(
                            Attachments.side(network, namespace, configuration, environment, addresses, gateways))
                    .apply();
        } catch (KernelException | SysctlException refused) {
            throw CniException.kernel(refused);
        }
        if (configuration.duplicateDetection()) {
            DuplicateDetection.await(environment, namespace, addresses);
        }
        return Attachments.result(network, endpoint, environment, addresses, gateways);
    }

    private void giveUp(NetworkConfiguration configuration, CniEnvironment environment, Waiting started) {
        try {
            attachments.alone(environment, () -> {
                takeBack(configuration, environment, started);
                return started;
            });
        } catch (RuntimeException failure) {
            LOG.atWarn()
                    .addKeyValue("container", environment.containerId())
                    .log("cannot remove an attachment without addresses: {}", failure.getMessage());
        }
    }

    /** Removes an attachment that still waits. */
    private void takeBack(NetworkConfiguration configuration, CniEnvironment environment, Waiting started) {
        if (waiting.remove(Attachments.id(configuration.name(), environment), started)) {
            Optional<Network> network = networks.find(configuration.name());
            attachments.deleted(
                    configuration.name(), environment, configuration.ipam().plugin());
            network.filter(made -> started.madeNetwork).ifPresent(attachments::removeUnused);
        }
    }
}
