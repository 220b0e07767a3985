package io.jnet.cni.network;

import io.jnet.cni.configuration.IngressPolicy;
import io.jnet.cni.configuration.IpamConfiguration.AddressSource;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.RangeConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.network.Vlans;
import io.jnet.engine.resolve.Resolution;
import io.jnet.ipam.AddressPools;
import io.jnet.netlink.address.AddressFamily;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a configuration may join a network that is there: it may leave open what the network is, and not contradict it. */
final class Agreement {
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
                    + " is one whose interfaces other plugins make: without a prevResult want another name");
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
        if (configuration.mtu().isPresent() && !configuration.mtu().equals(spec.mtu())) {
            throw contradiction(
                    "mtu " + configuration.mtu().getAsInt(),
                    spec.mtu().isPresent() ? Integer.toString(spec.mtu().getAsInt()) : "the default");
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
            checkPublishing(configuration);
        }
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
                    + network.displayName() + ", which was made without: remove it with jnet network rm "
                    + network.displayName() + " when no container is on it");
        }
    }

    /** One that lets in fewer must not be ignored, and one that lets in more must not be believed in. */
    private void checkPublishing(NetworkConfiguration configuration) {
        PublishPolicy has = network.spec().exterior().publish();
        if (!configuration.publish().equals(has)) {
            throw contradiction("publishPolicy " + configuration.publish(), has.toString());
        }
    }

    private CniException contradiction(String asked, String has) {
        return CniException.configuration(
                asked + " contradicts network " + network.displayName() + ", which has " + has);
    }
}
