package io.jnet.engine.rebuild;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.firewall.RulesetContent;
import io.jnet.engine.link.HostLink;
import io.jnet.engine.link.MarkedLink;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.Adoption;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.plan.EndpointParticulars;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.plan.NetworkParticulars;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The record of a network from its bridge and the ruleset. */
final class NetworkRebuild {
    private final RulesetContent rules;
    private final Naming naming;

    /** @param naming that of the lost state */
    NetworkRebuild(RulesetContent rules, Naming naming) {
        this.rules = rules;
        this.naming = naming;
    }

    /**
     * The network of a bridge.
     *
     * @param ports the marked ports of the bridge
     * @throws EngineException with {@code CONFLICT} and what is against it, when bridge and rules do not belong together
     */
    Network of(MarkedLink bridge, Collection<InterfaceName> ports) {
        NetworkParticulars particulars = new NetworkParticulars(bridge.mark().particulars());
        NetworkId id = new NetworkId(bridge.mark().id());
        MacAddress mac = naming.bridgeMac(id);
        if (!rules.hasBridge(bridge.name())) {
            throw EngineException.conflict("no rule of the state knows it");
        }
        if (!bridge.mac().equals(Optional.of(mac))) {
            throw EngineException.conflict("its MAC address is not the one that jnet gave it");
        }
        try {
            return new Network(spec(id, bridge, particulars, ports), bridge.name(), mac, NetworkState.READY)
                    .asRebuilt();
        } catch (IllegalArgumentException damaged) {
            throw EngineException.conflict("its mark cannot be read: " + Printable.of(damaged.getMessage()));
        }
    }

    /**
     * The network of a bridge that the host's owner made.
     *
     * @param addresses of the bridge
     * @param port a container's link on it that names the network
     * @param ports all of them
     */
    Network onBridge(HostLink bridge, Set<IpAddress> addresses, MarkedLink port, Collection<InterfaceName> ports) {
        EndpointParticulars particulars = new EndpointParticulars(port.mark().particulars());
        NetworkId id = particulars.network().orElseThrow();
        if (!rules.hasBridge(bridge.name())) {
            throw EngineException.conflict("no rule of the state knows its bridge");
        }
        List<IpPrefix> own = new ArrayList<>();
        List<Subnet> subnets = new ArrayList<>();
        for (IpPrefix prefix : rules.subnets(bridge.name())) {
            rules.gateway(prefix).ifPresent(address -> own.add(new IpPrefix(address, prefix.length())));
            Optional<IpAddress> gateway = rules.gateway(prefix)
                    .or(() -> addresses.stream().filter(prefix::contains).findFirst());
            subnets.add(new Subnet(prefix, gateway.map(address -> new IpPrefix(address, prefix.length()))));
        }
        NetworkSpec spec = new NetworkSpec(
                id,
                particulars.networkName(),
                Optional.of(bridge.name()),
                subnets,
                OptionalInt.empty(),
                NetworkParticulars.USUAL_PREFIX,
                Optional.empty(),
                rules.flags(bridge.name(), ports),
                new Exterior(
                        rules.policy(bridge.name(), AddressFamily.INET),
                        rules.policy(bridge.name(), AddressFamily.INET6),
                        rules.trusted(bridge.name()),
                        List.of(),
                        particulars.networkPublish()));
        return new Network(spec, bridge.name(), naming.bridgeMac(id), NetworkState.READY)
                .adopting(new Adoption(bridge.index(), port.mtu(), own, List.of(), false))
                .asRebuilt();
    }

    /** What of a network is not known and was taken for what is usual; empty when all is known. */
    static Optional<String> unknown(MarkedLink bridge) {
        NetworkParticulars particulars = new NetworkParticulars(bridge.mark().particulars());
        String network =
                "network " + shown(particulars.name().orElse(bridge.mark().id()));
        if (particulars.areAbsent()) {
            return Optional.of(
                    network
                            + ": its mark is of an earlier version; a name, a host binding, an interface prefix, routes and what else leaves no trace are taken for not given");
        }
        return particulars.areIncomplete()
                ? Optional.of(network
                        + ": not all of its options fit into its mark; what is missing there is taken for not given")
                : Optional.empty();
    }

    private static String shown(String reference) {
        return reference.substring(0, Math.min(reference.length(), 64));
    }

    private NetworkSpec spec(
            NetworkId id, MarkedLink bridge, NetworkParticulars particulars, Collection<InterfaceName> ports) {
        InterfaceName name = bridge.name();
        List<IpPrefix> prefixes = rules.subnets(name);
        List<Subnet> subnets = prefixes.stream()
                .map(prefix -> new Subnet(
                        prefix,
                        rules.gateway(prefix)
                                .map(address -> new IpPrefix(address, prefix.length()))
                                .or(() -> particulars.gateway(prefix)),
                        particulars.defaultGateway(prefix)))
                .toList();
        Exterior exterior = new Exterior(
                rules.policy(name, AddressFamily.INET),
                rules.policy(name, AddressFamily.INET6),
                rules.trusted(name),
                particulars.routes(),
                particulars.publish());
        boolean isOnBridge =
                prefixes.stream().anyMatch(prefix -> rules.gateway(prefix).isPresent());
        return new NetworkSpec(
                id,
                particulars.name(),
                isNamed(id, bridge, particulars) ? Optional.of(name) : Optional.empty(),
                subnets,
                particulars.areAbsent() && bridge.mtu() != NetworkSpec.DEFAULT_MTU
                        ? OptionalInt.of(bridge.mtu())
                        : particulars.mtu(),
                particulars.interfacePrefix(),
                particulars.hostBinding(),
                particulars.flags().orElseGet(() -> flags(bridge, ports)),
                exterior,
                particulars.vlans(),
                isOnBridge && !rules.answersNames(name) ? Resolution.NONE : Resolution.DEFAULT);
    }

    /** Whether somebody gave the bridge its name; of an older mark, whether it has another one than it would have. */
    private boolean isNamed(NetworkId id, MarkedLink bridge, NetworkParticulars particulars) {
        return particulars.areAbsent() ? !naming.bridge(id).equals(bridge.name()) : particulars.isBridgeGiven();
    }

    private Set<NetworkFlag> flags(MarkedLink bridge, Collection<InterfaceName> ports) {
        Set<NetworkFlag> flags = EnumSet.noneOf(NetworkFlag.class);
        flags.addAll(rules.flags(bridge.name(), ports));
        if (bridge.promiscuous()) {
            flags.add(NetworkFlag.PROMISCUOUS_BRIDGE);
        }
        return flags;
    }
}
