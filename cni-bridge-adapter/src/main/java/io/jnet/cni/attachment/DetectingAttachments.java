package io.jnet.cni.attachment;

import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.network.CniNetworks;
import io.jnet.cni.network.Undoing;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.result.CniResult;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Additions that are answered when duplicate address detection has ended, where the configuration asks for it. That takes seconds, in which nobody
 * else is kept from the network.
 */
public final class DetectingAttachments {
    private final CniNetworks networks;
    private final Attachments attachments;

    public DetectingAttachments(CniNetworks networks, Attachments attachments) {
        this.networks = networks;
        this.attachments = attachments;
    }

    /** As {@link Attachments#add}. */
    public <T> T add(
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace,
            Optional<ReceivedResult> received,
            Function<CniResult, T> delivery) {
        if (!configuration.duplicateDetection()) {
            return attachments.add(configuration, environment, namespace, received, delivery);
        }
        return attachments.alone(environment, () -> {
            boolean makesNetwork = networks.find(configuration.name()).isEmpty();
            CniResult result = attachments.add(configuration, environment, namespace, received, Function.identity());
            try {
                DuplicateDetection.await(environment, namespace, addresses(result));
                return delivery.apply(result);
            } catch (RuntimeException failure) {
                Undoing.because(failure, () -> takeBack(configuration, environment, makesNetwork));
                throw failure;
            }
        });
    }

    private void takeBack(NetworkConfiguration configuration, CniEnvironment environment, boolean madeNetwork) {
        Optional<Network> network = networks.find(configuration.name());
        attachments.deleted(
                configuration.name(), environment, configuration.ipam().plugin());
        network.filter(made -> madeNetwork).ifPresent(attachments::removeUnused);
    }

    private static List<IpPrefix> addresses(CniResult result) {
        return result.addresses().stream().map(CniResult.Address::address).toList();
    }
}
