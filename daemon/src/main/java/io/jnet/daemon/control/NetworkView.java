package io.jnet.daemon.control;

import io.jnet.cni.CniPlugin;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.Vlans;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A network.
 *
 * @param id its identity
 * @param name its name, else the first characters of its id
 * @param state {@code creating}, {@code ready} or {@code deleting}
 * @param bridge the bridge's name
 * @param mac the bridge's MAC address; empty where jnet did not make it
 * @param mtu in bytes; absent: the kernel's default
 * @param subnets its address ranges
 * @param internal whether nothing leaves or enters
 * @param masquerade whether packets that leave take the host's address
 * @param interContainer whether containers reach each other
 * @param portSecurity whether a container speaks with its own MAC and IP addresses only
 * @param routers whether containers may be routers and DHCP servers to their neighbours
 * @param hostBinding the host's address of ports published without one; absent: every address
 * @param interfacePrefix what interface names in containers begin with
 * @param ipv4 what is particular to IPv4; absent: the network has none
 * @param ipv6 what is particular to IPv6; absent: the network has none
 * @param bridgeAddresses the addresses that the bridge has of the network
 * @param trustedInterfaces interfaces from which published ports are reached at the containers' own addresses
 * @param routes what containers get beside their default route: {@code 10.9.0.0/16 via 10.77.0.5}
 * @param adoptedBridge whether the bridge was there before the network, and is somebody else's
 * @param lastingBridge whether the bridge stays when the network goes
 * @param vlans the VLANs that its containers are in: {@code vlan 5, vlanTrunk 7,10-20}; absent: none
 * @param runtime who asked for it: {@code docker} or {@code cni}
 * @param publishPolicy who outside of the host is let in, by the host's owner and the network together: {@code open}, {@code firewalled},
 *     {@code from=192.0.2.0/24}
 * @param resolver what it says of names; absent: its containers are answered none
 * @param endpoints how many endpoints it has
 * @param unjoined how many of them no container has joined
 */
public record NetworkView(
        String id,
        String name,
        String state,
        String bridge,
        String mac,
        Optional<Integer> mtu,
        List<SubnetView> subnets,
        boolean internal,
        boolean masquerade,
        boolean interContainer,
        boolean portSecurity,
        boolean routers,
        Optional<String> hostBinding,
        String interfacePrefix,
        Optional<FamilyView> ipv4,
        Optional<FamilyView> ipv6,
        List<String> bridgeAddresses,
        List<String> trustedInterfaces,
        List<String> routes,
        boolean adoptedBridge,
        boolean lastingBridge,
        Optional<String> vlans,
        String runtime,
        String publishPolicy,
        Optional<ResolverView> resolver,
        int endpoints,
        int unjoined) {

    /**
     * @param policy by the host's owner and the network together
     * @param endpoints those of the network
     */
    static NetworkView of(Network network, PublishPolicy policy, List<Endpoint> endpoints) {
        return new NetworkView(
                network.id().value(),
                network.displayName(),
                network.state().name().toLowerCase(Locale.ROOT),
                network.hasBridge() ? network.bridge().value() : "",
                network.hasBridge() && network.adopted().isEmpty()
                        ? network.bridgeMac().toString()
                        : "",
                network.spec().mtu().stream().boxed().findFirst(),
                network.spec().subnets().stream().map(SubnetView::of).toList(),
                network.spec().flags().contains(NetworkFlag.INTERNAL),
                network.spec().flags().contains(NetworkFlag.MASQUERADE),
                network.spec().flags().contains(NetworkFlag.INTER_CONTAINER),
                network.spec().flags().contains(NetworkFlag.PORT_SECURITY),
                network.spec().flags().contains(NetworkFlag.ROUTERS),
                network.spec().hostBinding().map(IpAddress::toString),
                network.spec().interfacePrefix(),
                family(network, AddressFamily.INET),
                family(network, AddressFamily.INET6),
                texts(network.spec().bridgeAddresses()),
                texts(network.spec().exterior().trusted()),
                texts(network.spec().exterior().routes()),
                network.adopted().isPresent(),
                network.spec().flags().contains(NetworkFlag.LASTING_BRIDGE),
                network.spec().vlans().map(Vlans::toString),
                RuntimeName.of(CniPlugin.owns(network)),
                policy.toString(),
                ResolverView.of(network),
                endpoints.size(),
                (int) endpoints.stream().filter(Endpoint::isUnjoined).count());
    }

    private static Optional<FamilyView> family(Network network, AddressFamily family) {
        return Optional.of(network.spec())
                .filter(spec -> spec.has(family))
                .map(spec -> FamilyView.of(spec.exterior().policy(family)));
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }
}
