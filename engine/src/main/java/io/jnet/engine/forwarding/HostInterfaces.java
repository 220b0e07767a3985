package io.jnet.engine.forwarding;

import io.jnet.engine.link.HostBridge;
import io.jnet.engine.link.HostLink;
import io.jnet.netlink.link.InterfaceName;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The host's interfaces that are not jnet's, and which are.
 *
 * @param all the names of those that are not, as far as they would be opened
 * @param own the names of jnet's bridges
 * @param guestBridges those that are bridges and lead into guests of another engine
 * @param uplinkBridges those that are bridges and the host's own way out
 */
public record HostInterfaces(
        Set<InterfaceName> all,
        Set<InterfaceName> own,
        Set<InterfaceName> guestBridges,
        Set<InterfaceName> uplinkBridges) {

    public HostInterfaces {
        all = Set.copyOf(all);
        own = Set.copyOf(own);
        guestBridges = Set.copyOf(guestBridges);
        uplinkBridges = Set.copyOf(uplinkBridges);
    }

    /** @param own jnet's bridges, which are left out */
    public static HostInterfaces of(
            Collection<HostLink> links, Collection<HostBridge> bridges, Set<InterfaceName> own) {
        return new HostInterfaces(
                links.stream()
                        .map(HostLink::name)
                        .filter(name -> !own.contains(name))
                        .collect(Collectors.toSet()),
                own,
                names(bridges, own, bridge -> bridge.use() == HostBridge.Use.GUESTS),
                names(bridges, own, bridge -> bridge.use() == HostBridge.Use.UPLINK));
    }

    private static Set<InterfaceName> names(
            Collection<HostBridge> bridges, Set<InterfaceName> own, Predicate<HostBridge> wanted) {
        return bridges.stream()
                .filter(wanted)
                .map(HostBridge::name)
                .filter(name -> !own.contains(name))
                .collect(Collectors.toSet());
    }
}
