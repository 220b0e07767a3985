package io.jnet.engine;

import io.jnet.engine.firewall.Publication;
import io.jnet.engine.traffic.HostCounters;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Counters that stand as a test sets them. */
final class FakeCounters implements HostCounters {
    final Map<InterfaceName, LinkStatistics> bridges = new ConcurrentHashMap<>();
    final Map<Publication, Long> connections = new ConcurrentHashMap<>();
    final Map<Publication, Long> bytes = new ConcurrentHashMap<>();
    volatile boolean accounting;

    @Override
    public Map<InterfaceName, LinkStatistics> bridges() {
        return Map.copyOf(bridges);
    }

    @Override
    public Map<Publication, Long> connections() {
        return Map.copyOf(connections);
    }

    @Override
    public Optional<Map<Publication, Long>> openBytes(Iterable<Publication> published) {
        return accounting ? Optional.of(Map.copyOf(bytes)) : Optional.empty();
    }
}
