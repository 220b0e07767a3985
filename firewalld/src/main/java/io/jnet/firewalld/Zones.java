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
import java.util.stream.Stream;

/**
 * Which interfaces are in which zone.
 *
 * @param defaultZone the zone of those that are in none
 * @param byInterface the zone of each other one, by its name or by the beginning of its name and a {@code +}
 * @param ofSources zones that packets are in by their source address, by whichever interface they come
 */
record Zones(String defaultZone, Map<String, String> byInterface, Set<String> ofSources) {
    Zones {
        byInterface = Map.copyOf(byInterface);
        ofSources = Set.copyOf(ofSources);
    }

    /** What policies let through from any of the interfaces to any of the bridges: no two of one way and protocol overlap. */
    Set<Passage> passages(List<Policy> policies, Set<InterfaceName> interfaces, Set<InterfaceName> bridges) {
        Set<Passage> passages = new HashSet<>();
        for (InterfaceName in : interfaces) {
            for (InterfaceName bridge : bridges) {
                if (policies.stream().anyMatch(policy -> policy.refuses() && mayBeBetween(policy, in, bridge))) {
                    continue;
                }
                for (Protocol protocol : Protocol.values()) {
                    List<PortRange> ranges = policies.stream()
                            .filter(policy -> isBetween(policy, in, bridge))
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

    /** Whether some zone has the link, which is then not in the default one. */
    boolean has(InterfaceName link) {
        return !named(link).isEmpty();
    }

    /**
     * Where a link is named by its name and by beginnings of it, it depends on the order of firewalld's rules which of the zones it is
     * in: a policy has to be about all of them.
     */
    private boolean isBetween(Policy policy, InterfaceName in, InterfaceName bridge) {
        return from(in).allMatch(from -> of(bridge).stream().allMatch(to -> policy.isBetween(from, to)));
    }

    private boolean mayBeBetween(Policy policy, InterfaceName in, InterfaceName bridge) {
        return from(in).anyMatch(from -> of(bridge).stream().anyMatch(to -> policy.isBetween(from, to)));
    }

    /** A packet may be in a zone by its source as well, which comes before that of the interface. */
    private Stream<String> from(InterfaceName in) {
        return Stream.concat(of(in).stream(), ofSources.stream());
    }

    private Set<String> of(InterfaceName link) {
        Set<String> named = named(link);
        return named.isEmpty() ? Set.of(defaultZone) : named;
    }

    private Set<String> named(InterfaceName link) {
        return byInterface.entrySet().stream()
                .filter(entry -> isNameOf(entry.getKey(), link.value()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    private static boolean isNameOf(String member, String link) {
        return member.endsWith("+") ? link.startsWith(member.substring(0, member.length() - 1)) : link.equals(member);
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
