package io.jnet.cni.attachment;

import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.network.CniNetworks;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * ADD and CHECK after another plugin, which has made the interface: jnet publishes ports and keeps rates, on what that one's result names, and
 * hands the result on. A container for which neither is asked leaves no trace.
 */
public final class ChainedAttachments {
    private final Engine engine;
    private final CniNetworks networks;
    private final Attachments attachments;
    private final Ports ports;

    public ChainedAttachments(Engine engine, CniNetworks networks, Attachments attachments) {
        this.engine = engine;
        this.networks = networks;
        this.attachments = attachments;
        this.ports = new Ports(engine);
    }

    /**
     * Does what is asked for a container; nothing is left when it throws.
     *
     * @param namespace the container's
     * @param delivery has the result on its way; the addition is undone when it throws
     * @return what the delivery makes of it
     */
    public <T> T add(
            NetworkConfiguration configuration,
            CniEnvironment environment,
            NetworkNamespace namespace,
            Supplier<T> delivery) {
        List<IpPrefix> addresses = addresses(configuration.previousLinks(), environment);
        if (isNothingAsked(configuration, addresses)) {
            return delivery.get();
        }
        requireAddress(configuration, addresses);
        InterfaceName link = hostLink(environment, namespace);
        return attachments.alone(
                environment,
                () -> networks.withForeign(configuration, network -> {
                    EndpointId id = Attachments.id(configuration.name(), environment);
                    attachments.requireNew(configuration, environment, namespace);
                    try {
                        EndpointSpec spec = new EndpointSpec(
                                        network.id(),
                                        id,
                                        addresses,
                                        Optional.empty(),
                                        Optional.of(environment.containerId()),
                                        Ports.holder(configuration, environment))
                                .shapedTo(configuration.bandwidth().limits())
                                .publishing(configuration.publish());
                        String sandbox = environment.namespacePath().orElse("");
                        ports.with(
                                spec,
                                configuration,
                                environment,
                                published -> engine.adopt(spec, link, sandbox, published));
                        return delivery.get();
                    } catch (RuntimeException failure) {
                        attachments.undo(network, id, failure);
                        throw failure;
                    }
                }));
    }

    /** Whether another plugin has made the interface that a CHECK is about: as the engine knows it, or the result says. */
    public boolean hasAdded(NetworkConfiguration configuration, CniEnvironment environment) {
        return engine.findEndpoint(Attachments.id(configuration.name(), environment))
                .map(Endpoint::isOnForeignLink)
                .or(() -> networks.find(configuration.name())
                        .filter(network -> !network.hasBridge())
                        .map(foreign -> true))
                .orElseGet(() -> isOfAnother(configuration.previousLinks()));
    }

    private static boolean isOfAnother(ReceivedResult previous) {
        return !previous.interfaces().isEmpty()
                && previous.interfaces().stream()
                        .noneMatch(one -> !one.sandbox() && one.name().startsWith(Endpoint.HOST_LINK_PREFIX));
    }

    /**
     * @throws CniException with {@link CniCode#NOT_AS_MADE} and what differs from what the ADD did
     */
    public void check(NetworkConfiguration configuration, CniEnvironment environment) {
        List<IpPrefix> addresses = addresses(configuration.previousLinks(), environment);
        if (isNothingAsked(configuration, addresses)) {
            return;
        }
        Endpoint endpoint = engine.findEndpoint(Attachments.id(configuration.name(), environment))
                .filter(one -> one.state() == EndpointState.JOINED)
                .orElseThrow(() -> new CniException(
                        CniCode.UNKNOWN_CONTAINER,
                        "nothing is published for interface " + environment.container() + " of container "
                                + environment.containerId() + " on network " + configuration.name()));
        if (!endpoint.spec().addresses().equals(addresses)) {
            throw differs("ports lead to " + endpoint.spec().addresses() + ", and prevResult has " + addresses);
        }
        ports.requirePublished(endpoint, configuration);
        engine.difference(endpoint.spec().network(), endpoint.id()).ifPresent(difference -> {
            throw differs(difference);
        });
    }

    private static boolean isNothingAsked(NetworkConfiguration configuration, List<IpPrefix> addresses) {
        return Ports.of(configuration, addresses).isEmpty()
                && !configuration.bandwidth().limits().hasLimit();
    }

    private static void requireAddress(NetworkConfiguration configuration, List<IpPrefix> addresses) {
        if (addresses.isEmpty() && !configuration.runtime().ports().isEmpty()) {
            throw CniException.configuration("portMappings, and prevResult has no address that they could lead to");
        }
    }

    /** Those of the container's interface; before version 0.3.0 a result did not say whose they are. */
    private static List<IpPrefix> addresses(ReceivedResult previous, CniEnvironment environment) {
        return previous.addresses().stream()
                .filter(one -> isOf(one.owner(), previous, environment))
                .map(ReceivedResult.Address::address)
                .toList();
    }

    /** An index of no interface says as little as none. */
    private static boolean isOf(OptionalInt owner, ReceivedResult previous, CniEnvironment environment) {
        int index = owner.orElse(-1);
        if (index < 0 || index >= previous.interfaces().size()) {
            return true;
        }
        ReceivedResult.Interface one = previous.interfaces().get(index);
        return one.sandbox() && one.name().equals(environment.container().value());
    }

    /** The end of the container's veth pair on the host, which goes when the container goes. */
    private static InterfaceName hostLink(CniEnvironment environment, NetworkNamespace namespace) {
        String name = "interface " + environment.container();
        Link inside = inside(environment, namespace)
                .orElseThrow(() ->
                        CniException.configuration(name + " is not there: jnet comes after a plugin that makes it"));
        Optional<Link> host = isVeth(inside) && inside.isPeerElsewhere()
                ? LinkSearch.find(links -> links.find(inside.peer().orElseThrow()))
                : Optional.empty();
        return host.filter(link -> isVeth(link) && link.peer().equals(OptionalInt.of(inside.index())))
                .map(link -> new InterfaceName(link.name()))
                .orElseThrow(() -> CniException.unsupported(name
                        + " is no end of a veth pair of this host: its traffic does not pass the host, so that jnet cannot"
                        + " publish its ports or keep its rates"));
    }

    private static boolean isVeth(Link link) {
        return link.kind().orElse(null) instanceof LinkKind.Veth;
    }

    private static Optional<Link> inside(CniEnvironment environment, NetworkNamespace namespace) {
        return namespace.get(() -> LinkSearch.find(links -> links.find(environment.container())));
    }

    private static CniException differs(String what) {
        return new CniException(CniCode.NOT_AS_MADE, what);
    }
}
