package io.jnet.engine.traffic;

import io.jnet.engine.firewall.Publication;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.conntrack.Flow;
import io.jnet.netlink.conntrack.FlowFilter;
import io.jnet.netlink.conntrack.FlowTuple;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Adds up the bytes of flows by the published port that they came by, and keeps none of them. Not thread-safe. */
final class OpenFlowBytes implements Predicate<Flow> {
    /** Ports of one protocol at one address, by their first number: no two of them overlap. */
    private record Place(int protocol, IpAddress address) {}

    private final Map<Place, NavigableMap<Integer, Publication>> published = new HashMap<>();
    private final Set<FlowFilter> filters = new LinkedHashSet<>();
    private final Map<Publication, Long> counted = new HashMap<>();

    OpenFlowBytes(Iterable<Publication> ports) {
        for (Publication port : ports) {
            published
                    .computeIfAbsent(new Place(port.protocol().number(), port.hostAddress()), none -> new TreeMap<>())
                    .put(port.hostPorts().first(), port);
            filters.add(
                    FlowFilter.of(port.hostAddress().family(), port.protocol().number()));
        }
    }

    /** Which flows are to be looked at: one for each protocol and address family that there is a port of. */
    Set<FlowFilter> filters() {
        return filters;
    }

    /** Adds a flow; takes none. */
    @Override
    public boolean test(Flow flow) {
        if (flow.isDestinationTranslated()) {
            FlowTuple original = flow.original();
            IpAddress any = IpAddress.any(original.destination().family());
            at(original, original.destination())
                    .or(() -> at(original, any))
                    .filter(port -> port.containerAddress().equals(flow.reply().source()))
                    .ifPresent(port -> counted.merge(port, flow.bytes(), Long::sum));
        }
        return false;
    }

    /** The bytes of each port that has flows. */
    Map<Publication, Long> counted() {
        return counted;
    }

    private Optional<Publication> at(FlowTuple original, IpAddress address) {
        return Optional.ofNullable(published.get(new Place(original.protocol(), address)))
                .map(ports -> ports.floorEntry(original.destinationPort()))
                .map(Map.Entry::getValue)
                .filter(port -> port.hostPorts().last() >= original.destinationPort());
    }
}
