package io.jnet.engine.firewall;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the rules need to know of the host's other interfaces.
 *
 * @param uplinkBridges bridges that are the host's own way out; packets from containers may leave by them
 * @param passages what a zone firewall's policies let through; empty where the host has no such firewall
 * @param guards where the host forwards because of jnet alone; a family that is not named has no guard
 */
public record Surroundings(
        Set<InterfaceName> uplinkBridges, Map<AddressFamily, ForwardGuard> guards, Optional<Set<Passage>> passages) {
    /** A host without other bridges. */
    public static final Surroundings NONE = new Surroundings(Set.of());

    public Surroundings {
        uplinkBridges = Set.copyOf(uplinkBridges);
        guards = Map.copyOf(guards);
        passages = passages.map(Set::copyOf);
    }

    /** On a host without a zone firewall. */
    public Surroundings(Set<InterfaceName> uplinkBridges, Map<AddressFamily, ForwardGuard> guards) {
        this(uplinkBridges, guards, Optional.empty());
    }

    /** On a host that forwards by its owner's will, or not at all. */
    public Surroundings(Set<InterfaceName> uplinkBridges) {
        this(uplinkBridges, Map.of(), Optional.empty());
    }

    /** The guard of a family. */
    public ForwardGuard guard(AddressFamily family) {
        return guards.getOrDefault(family, ForwardGuard.NONE);
    }
}
