package io.jnet.engine.firewall;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.Set;

/**
 * What the rules need to know of the host's other bridges.
 *
 * @param uplinkBridges bridges that are the host's own way out; packets from containers may leave by them
 * @param foreignGateways addresses of bridges that lead into guests of another engine, such as Docker's; containers are kept from them
 */
public record Surroundings(Set<InterfaceName> uplinkBridges, Set<IpAddress> foreignGateways) {
    /** A host without other bridges. */
    public static final Surroundings NONE = new Surroundings(Set.of(), Set.of());

    public Surroundings {
        uplinkBridges = Set.copyOf(uplinkBridges);
        foreignGateways = Set.copyOf(foreignGateways);
    }
}
