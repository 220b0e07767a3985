package io.jnet.cni.attachment;

import io.jnet.cni.configuration.IpamConfiguration.AddressSource;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.network.CniNetworks;
import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.engine.network.Network;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.route.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CHECK: whether an attachment is as it was made. What other plugins have added since is no matter. */
public final class AttachmentCheck {
    private final Engine engine;
    private final CniNetworks networks;
    private final Ports ports;

    public AttachmentCheck(Engine engine, CniNetworks networks) {
        this.engine = engine;
        this.networks = networks;
        this.ports = new Ports(engine);
    }

    /**
     * @param namespace the container's
     * @throws CniException with {@link CniCode#NOT_AS_MADE} and what differs
     */
    public void check(NetworkConfiguration configuration, CniEnvironment environment, NetworkNamespace namespace) {
        ReceivedResult previous = configuration.requiredPrevious();
        Network network =
                networks.find(configuration.name()).orElseThrow(() -> unknown("no network " + configuration.name()));
        Endpoint endpoint = engine.findEndpoint(Attachments.id(configuration.name(), environment))
                .filter(one -> one.state() == EndpointState.JOINED)
                .orElseThrow(() -> unknown("container " + environment.containerId() + " is not on network "
                        + network.displayName() + " by interface " + environment.container()));
        ports.requirePublished(endpoint, configuration);
        engine.difference(network.id(), endpoint.id()).ifPresent(difference -> {
            throw differs(difference);
        });
        try {
            namespace.get(() -> {
                try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
                    inside(socket, endpoint, previous, configuration, environment);
                    String mac =
                            mac(previous, environment).orElse(endpoint.mac().toString());
                    checkMac(socket, environment, mac);
                }
                return endpoint;
            });
        } catch (KernelException refused) {
            throw CniException.kernel(refused);
        }
    }

    private static void inside(
            NetlinkSocket socket,
            Endpoint endpoint,
            ReceivedResult previous,
            NetworkConfiguration configuration,
            CniEnvironment environment) {
        String name = "interface " + environment.container();
        Link link = Links.over(socket).find(environment.container()).orElseThrow(() -> differs(name + " is gone"));
        if (configuration.tuning().up() && !link.isUp()) {
            throw differs(name + " is down");
        }
        List<LinkAddress> present = Addresses.over(socket).list(link.index());
        for (IpPrefix address : addresses(endpoint, previous, configuration)) {
            LinkAddress found = present.stream()
                    .filter(one -> one.prefix().equals(address))
                    .findFirst()
                    .orElseThrow(() -> differs(name + " has lost its address " + address));
            if (found.isDuplicate()) {
                throw differs(DuplicateDetection.duplicate(address));
            }
        }
        // Not those of the configuration: Multus takes a default route away again, and out of the result as well.
        List<IpPrefix> wanted =
                previous.routes().stream().map(ContainerRoute::destination).toList();
        // A container may have any number of routes of its own.
        Set<IpPrefix> destinations = Set.copyOf(Routes.over(socket)
                .select(route -> Optional.of(route.destination()).filter(wanted::contains)));
        List<IpPrefix> missing = wanted.stream()
                .filter(destination -> !destinations.contains(destination))
                .toList();
        if (!missing.isEmpty()) {
            throw differs("the container has lost its route to " + missing.get(0));
        }
    }

    /** Those that a plugin got by the interface jnet has never known. */
    private static List<IpPrefix> addresses(
            Endpoint endpoint, ReceivedResult previous, NetworkConfiguration configuration) {
        return configuration.ipam().source() == AddressSource.ON_LINK
                ? previous.addresses().stream()
                        .map(ReceivedResult.Address::address)
                        .toList()
                : endpoint.spec().addresses();
    }

    /** What the result says that the last plugin left: one after jnet may have given the interface another address. */
    private static Optional<String> mac(ReceivedResult previous, CniEnvironment environment) {
        return previous.interfaces().stream()
                .filter(one -> one.sandbox()
                        && one.name().equals(environment.container().value()))
                .findFirst()
                .flatMap(ReceivedResult.Interface::mac);
    }

    private static void checkMac(NetlinkSocket socket, CniEnvironment environment, String mac) {
        boolean same = Links.over(socket)
                .find(environment.container())
                .flatMap(Link::mac)
                .filter(has -> has.toString().equalsIgnoreCase(mac))
                .isPresent();
        if (!same) {
            throw differs("interface " + environment.container() + " has another MAC address than " + mac);
        }
    }

    private static CniException differs(String what) {
        return new CniException(CniCode.NOT_AS_MADE, what);
    }

    private static CniException unknown(String what) {
        return new CniException(CniCode.UNKNOWN_CONTAINER, what);
    }
}
