package io.jnet.firewalld;

import io.jnet.engine.firewall.Passage;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which interfaces are in which zone.
 *
 * @param defaultZone the zone of those that are in none
 * @param byInterface the zone of each other one
 */
record Zones(String defaultZone, Map<String, String> byInterface) {
    Zones {
        byInterface = Map.copyOf(byInterface);
    }

    /** What policies let through from any of the interfaces to any of the bridges: no two of one way and protocol overlap. */
    Set<Passage> passages(List<Policy> policies, Set<InterfaceName> interfaces, Set<InterfaceName> bridges) {
        Set<Passage> passages = new HashSet<>();
        for (InterfaceName in : interfaces) {
            for (InterfaceName bridge : bridges) {
                for (Protocol protocol : Protocol.values()) {
                    List<PortRange> ranges = policies.stream()
                            .filter(policy -> policy.isBetween(zone(in), zone(bridge)))
                            .flatMap(policy -> policy.openings().stream())
                            .filter(opening -> opening.protocol() == protocol)
                            .map(Policy.Opening::ports)
                            .collect(Collectors.toList());
                    merged(ranges).forEach(ports -> passages.add(new Passage(in, bridge, protocol, ports)));
                }
            }
        }
        return passages;
    }

    private String zone(InterfaceName link) {
        return byInterface.getOrDefault(link.value(), defaultZone);
    }

    private static List<PortRange> merged(List<PortRange> ranges) {
        List<PortRange> merged = new ArrayList<>();
        ranges.sort(Comparator.comparingInt(PortRange::first));
        for (PortRange next : ranges) {
            int end = merged.size() - 1;
            if (end >= 0 && next.first() <= merged.get(end).last() + 1) {
                PortRange before = merged.get(end);
                merged.set(end, new PortRange(before.first(), Math.max(before.last(), next.last())));
            } else {
                merged.add(next);
            }
        }
        return merged;
    }
}
