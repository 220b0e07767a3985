package io.jnet.engine.firewall;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.Map;
import java.util.Set;

/**
 * What the rules need to know of the host's other interfaces.
 *
 * @param uplinkBridges bridges that are the host's own way out; packets from containers may leave by them
 * @param foreignGateways addresses of bridges that lead into guests of another engine, such as Docker's; containers are kept from them
 * @param guards where the host forwards because of jnet alone; a family that is not named has no guard
 */
public record Surroundings(
        Set<InterfaceName> uplinkBridges, Set<IpAddress> foreignGateways, Map<AddressFamily, ForwardGuard> guards) {
    /** A host without other bridges. */
    public static final Surroundings NONE = new Surroundings(Set.of(), Set.of());

    public Surroundings {
        uplinkBridges = Set.copyOf(uplinkBridges);
        foreignGateways = Set.copyOf(foreignGateways);
        guards = Map.copyOf(guards);
    }

    /** On a host that forwards by its owner's will, or not at all. */
    public Surroundings(Set<InterfaceName> uplinkBridges, Set<IpAddress> foreignGateways) {
        this(uplinkBridges, foreignGateways, Map.of());
    }

    /** The guard of a family. */
    public ForwardGuard guard(AddressFamily family) {
        return guards.getOrDefault(family, ForwardGuard.NONE);
    }
}
