package io.jnet.engine.firewall;

import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the rules need to know of a network.
 *
 * @param bridge the network's bridge
 * @param subnets the address ranges of its containers, none overlapping another network's; none: the host takes nothing from the network
 * @param gateways the bridge's own addresses, each in one of the subnets; nobody reaches them from elsewhere
 * @param flags what the network does
 * @param exterior how it meets the outside
 * @param sources what packets from the bridge may have as their source; none inside another
 * @param mac the bridge's MAC address; empty for a bridge whose address is its owner's to change
 * @param resolvers which of the gateways answer names to the network's containers
 */
public record NetworkRules(
        InterfaceName bridge,
        List<IpPrefix> subnets,
        List<IpAddress> gateways,
        Set<NetworkFlag> flags,
        Exterior exterior,
        List<IpPrefix> sources,
        Optional<MacAddress> mac,
        List<IpAddress> resolvers) {
    /**
     * @throws IllegalArgumentException when a subnet has host bits, or a gateway lies outside
     */
    public NetworkRules {
        subnets = List.copyOf(subnets);
        gateways = List.copyOf(gateways);
        flags = Set.copyOf(flags);
        sources = List.copyOf(sources);
        resolvers = List.copyOf(resolvers);
        for (IpPrefix subnet : subnets) {
            if (!subnet.network().equals(subnet)) {
                throw new IllegalArgumentException("subnet " + subnet + " of " + bridge + " has host bits");
            }
        }
        for (IpAddress gateway : gateways) {
            if (subnets.stream().noneMatch(subnet -> subnet.contains(gateway))) {
                throw new IllegalArgumentException("gateway " + gateway + " is in no subnet of " + bridge);
            }
        }
    }

    /** A network on which nobody answers names. */
    public NetworkRules(
            InterfaceName bridge,
            List<IpPrefix> subnets,
            List<IpAddress> gateways,
            Set<NetworkFlag> flags,
            Exterior exterior,
            List<IpPrefix> sources,
            Optional<MacAddress> mac) {
        this(bridge, subnets, gateways, flags, exterior, sources, mac, List.of());
    }

    /** A network that meets the outside in the usual way, and whose packets come from its subnets. */
    public NetworkRules(
            InterfaceName bridge, List<IpPrefix> subnets, List<IpAddress> gateways, Set<NetworkFlag> flags) {
        this(bridge, subnets, gateways, flags, Exterior.DEFAULT, subnets, Optional.empty());
    }

    /** Whether the host has a part in the network; without subnets it only carries frames. */
    public boolean isOfHost() {
        return !subnets.isEmpty();
    }

    /** Whether the network does this. */
    public boolean has(NetworkFlag flag) {
        return flags.contains(flag);
    }
}
