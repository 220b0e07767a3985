package io.jnet.cni.network;

import io.jnet.cni.configuration.IngressPolicy;
import io.jnet.cni.configuration.IpamConfiguration.AddressSource;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.RangeConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.Vlans;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.ipam.pool.Pool;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a configuration may join a network that is there: it may leave open what the network is, and not contradict it. */
final class Agreement {
    /** What a configuration may ask of a network beside what has a key of its own, and what it is called there. */
    private static final Map<NetworkFlag, String> DEMANDS = new EnumMap<>(
            Map.of(NetworkFlag.MAC_SECURITY, "macspoofchk", NetworkFlag.PROMISCUOUS_BRIDGE, "promiscMode"));

    private final Network network;
    private final boolean ofCni;
    private final AddressPools pools;

    /** @param ofCni whether a configuration made the network */
    Agreement(Network network, boolean ofCni, AddressPools pools) {
        this.network = network;
        this.ofCni = ofCni;
        this.pools = pools;
    }

    /**
     * @param received what another plugin gave; absent where addresses are jnet's to give
     * @throws CniException when they contradict each other: both values are named
     */
    void check(NetworkConfiguration configuration, Optional<ReceivedResult> received) {
        NetworkSpec spec = network.spec();
        if (!network.hasBridge()) {
            throw CniException.configuration("network " + network.displayName()
                    + " is one whose interfaces other plugins make: without a prevResult " + remedy(network));
        }
        checkSource(configuration);
        for (ReceivedResult.Address one :
                received.map(ReceivedResult::addresses).orElse(List.of())) {
            if (spec.subnets().stream()
                    .noneMatch(subnet -> subnet.prefix().equals(one.address().network()))) {
                throw contradiction(
                        "address " + one.address() + " of "
                                + configuration.ipam().plugin().orElse(""),
                        subnets());
            }
        }
        for (RangeConfiguration range : configuration.ipam().ranges()) {
            if (spec.subnets().stream().noneMatch(subnet -> subnet.prefix().equals(range.subnet()))) {
                throw contradiction("subnet " + range.subnet(), subnets());
            }
        }
        configuration
                .bridge()
                .filter(bridge -> !bridge.equals(network.bridge()))
                .ifPresent(bridge -> {
                    throw contradiction("bridge " + bridge, network.bridge().toString());
                });
        if (configuration.mtu().isPresent() && configuration.mtu().getAsInt() != network.mtu()) {
            throw contradiction("mtu " + configuration.mtu().getAsInt(), Integer.toString(network.mtu()));
        }
        configuration
                .vlans()
                .filter(vlans -> !spec.vlans().equals(Optional.of(vlans)))
                .ifPresent(vlans -> {
                    throw contradiction(
                            vlans.toString(), spec.vlans().map(Vlans::toString).orElse("no VLAN"));
                });
        configuration.resolution().ifPresent(this::checkResolver);
        if (ofCni) {
            checkPolicy(configuration);
        }
    }

    /**
     * Whether the network does what a configuration asks of it: a network lives longer than its containers, and what was written into the
     * configuration meanwhile must not be passed over in silence.
     *
     * @throws CniException when it does not: both values are named
     */
    void checkDemands(NetworkConfiguration configuration) {
        if (!ofCni) {
            return;
        }
        checkPublishing(configuration);
        // One that was made again of what the kernel had is what that could tell of it.
        if (network.rebuilt()) {
            return;
        }
        NetworkSpec spec = network.spec();
        if (configuration.masquerade() && !spec.flags().contains(NetworkFlag.MASQUERADE)) {
            throw demand("ipMasq true", "ipMasq false");
        }
        boolean gateway =
                spec.subnets().stream().allMatch(subnet -> subnet.gateway().isPresent());
        if (configuration.gateway() && !gateway) {
            throw demand(
                    configuration.defaultGateway() ? "isDefaultGateway true" : "isGateway true", "isGateway false");
        }
        DEMANDS.forEach((flag, key) -> {
            if (configuration.flags().contains(flag) && !spec.flags().contains(flag)) {
                throw demand(key + " true", key + " false");
            }
        });
        List<RangeConfiguration> ranges = configuration.ipam().ranges().stream()
                .filter(range -> !range.ofContainer())
                .toList();
        for (RangeConfiguration range : ranges) {
            pools.pool(range.subnet()).filter(CniNetworks::isOfCni).ifPresent(pool -> checkLimits(range, pool));
            checkGateway(range);
        }
    }

    private void checkLimits(RangeConfiguration range, Pool pool) {
        range.limits()
                .filter(limits -> !pool.limits().equals(Optional.of(limits)))
                .ifPresent(limits -> {
                    throw demand(
                            "range " + limits + " of " + range.subnet(),
                            pool.limits().map(AddressRange::toString).orElse("all of it"));
                });
    }

    /** That of the bridge, or, where the bridge has none, the one that is kept out of the containers' hands. */
    private void checkGateway(RangeConfiguration range) {
        if (range.isGatewayDefault()) {
            return;
        }
        Optional<IpAddress> ofBridge = network.spec().subnets().stream()
                .filter(subnet -> subnet.prefix().equals(range.subnet()))
                .flatMap(subnet -> subnet.gateway().stream())
                .map(IpPrefix::address)
                .findFirst();
        ofBridge.or(() -> keptGateway(range))
                .filter(gateway -> !gateway.equals(range.gateway()))
                .ifPresent(gateway -> {
                    throw demand("gateway " + range.gateway(), gateway.toString());
                });
    }

    private Optional<IpAddress> keptGateway(RangeConfiguration range) {
        return pools.pool(range.subnet())
                .filter(CniNetworks::isOfCni)
                // All leases are read only where it is another one.
                .flatMap(pool -> pools.isGateway(pool.id(), range.gateway())
                        ? Optional.of(range.gateway())
                        : pools.gateway(pool.id()));
    }

    /** One network's addresses have one giver, or two containers have one address. */
    private void checkSource(NetworkConfiguration configuration) {
        AddressSource source = configuration.ipam().source();
        if (!source.hasSubnets() && !network.spec().subnets().isEmpty()) {
            throw contradiction(
                    configuration
                            .ipam()
                            .plugin()
                            .map(name -> "ipam.type " + name)
                            .orElse("ipam {}"),
                    subnets());
        }
        if (source == AddressSource.PLUGIN) {
            boolean othersToo = !ofCni
                    || network.spec().subnets().stream()
                            .anyMatch(subnet -> pools.pool(subnet.prefix()).isPresent());
            if (othersToo) {
                throw CniException.configuration(
                        "ipam.type " + configuration.ipam().plugin().orElse("")
                                + " contradicts network " + network.displayName()
                                + ", whose addresses somebody else gives away: use \"jnet\", or another network");
            }
        }
    }

    private String subnets() {
        return network.spec().subnets().isEmpty()
                ? "no subnet"
                : network.spec().subnets().stream()
                        .map(subnet -> subnet.prefix().toString())
                        .collect(Collectors.joining(", "));
    }

    /** What it does not say of names may be whatever the network says. */
    private void checkResolver(Resolution asked) {
        if (network.rebuilt()) {
            // Made again of what the kernel had, which knows nothing of names.
            return;
        }
        Resolution has = network.spec().resolution();
        if (asked.enabled() != has.enabled()) {
            throw contradiction("resolver.enabled " + asked.enabled(), "enabled " + has.enabled());
        }
        asked.domain().filter(domain -> !domain.equals(network.domain())).ifPresent(domain -> {
            throw contradiction("resolver.domain " + domain, network.domain().toString());
        });
        checkList("resolver.servers", asked.servers(), has.servers());
        checkList("resolver.records", asked.records(), has.records());
    }

    private void checkList(String key, List<?> asked, List<?> has) {
        if (!asked.isEmpty() && !asked.equals(has)) {
            throw contradiction(key + " " + asked, has.isEmpty() ? "none" : has.toString());
        }
    }

    /** What protects containers must not be ignored because the network is older than the configuration. */
    private void checkPolicy(NetworkConfiguration configuration) {
        NetworkSpec spec = network.spec();
        boolean open = spec.exterior().mode(AddressFamily.INET) == GatewayMode.NAT_UNPROTECTED;
        boolean inside = spec.flags().contains(NetworkFlag.INTER_CONTAINER);
        if ((open && configuration.ingress() != IngressPolicy.OPEN) || (inside && !configuration.interContainer())) {
            throw CniException.configuration("ingressPolicy or portIsolation is stricter than network "
                    + network.displayName() + ", which was made without: " + remedy(network));
        }
    }

    /** One that lets in fewer must not be ignored, and one that lets in more must not be believed in. */
    private void checkPublishing(NetworkConfiguration configuration) {
        PublishPolicy has = network.spec().exterior().publish();
        if (!configuration.publish().equals(has)) {
            throw contradiction("publishPolicy " + configuration.publish(), has.toString());
        }
    }

    private CniException demand(String asked, String has) {
        return CniException.configuration(asked + " contradicts network " + network.displayName()
                + ", which was made with " + has + ": " + remedy(network));
    }

    private CniException contradiction(String asked, String has) {
        return CniException.configuration(asked + " contradicts network " + network.displayName() + ", which has " + has
                + (ofCni ? ": " + remedy(network) : ""));
    }

    /** What to do about a network that a configuration has made, where a later one contradicts it. */
    static String remedy(Network network) {
        return "remove it with jnet network rm " + network.displayName()
                + " when no container is on it, or take another name";
    }
}
