package io.jnet.engine.plan;

import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.StaticRoute;
import io.jnet.engine.network.Subnet;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What packets from a network's bridge may have as their source. Where bridged packets pass the host's filters (br_netfilter), the way back
 * from behind a router that is not the bridge passes them too.
 */
final class Sources {
    private Sources() {}

    /**
     * The ranges, none inside another: the network's subnets, what its routes lead to, and everything where another gateway or a bridge with
     * ports of its own may bring it from, or nobody gives addresses away.
     */
    static List<IpPrefix> of(Network network) {
        NetworkSpec spec = network.spec();
        List<IpPrefix> all = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            // A bridge of somebody else's may be the host's own way out, also in a family that the network has not.
            boolean others = spec.subnets().isEmpty() || network.adopted().isPresent();
            if (others || (spec.has(family) && hasOtherGateway(spec, family))) {
                all.add(new IpPrefix(IpAddress.any(family), 0));
            }
        }
        spec.subnets().stream().map(Subnet::prefix).forEach(all::add);
        spec.exterior().routes().stream().map(StaticRoute::destination).forEach(all::add);
        all.sort(Comparator.comparingInt(IpPrefix::length));
        List<IpPrefix> widest = new ArrayList<>();
        for (IpPrefix next : all) {
            if (widest.stream().noneMatch(wider -> wider.overlaps(next))) {
                widest.add(next);
            }
        }
        return widest;
    }

    private static boolean hasOtherGateway(NetworkSpec spec, AddressFamily family) {
        boolean inhibited = family == AddressFamily.INET && spec.flags().contains(NetworkFlag.NO_BRIDGE_IPV4);
        return inhibited
                || spec.subnets().stream()
                        .anyMatch(subnet -> subnet.family() == family
                                && subnet.defaultGateway().isPresent());
    }
}
