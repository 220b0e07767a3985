package io.jnet.engine;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.traffic.HostCounters;
import io.jnet.engine.traffic.PortTraffic;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whose the kernel's counters are. */
final class CountedTraffic {
    private final Records records;
    private final HostCounters counters;

    CountedTraffic(Records records, HostCounters counters) {
        this.records = records;
        this.counters = counters;
    }

    /** See {@link Engine#networkTraffic}. */
    Map<NetworkId, LinkStatistics> ofNetworks() {
        Map<InterfaceName, LinkStatistics> bridges = counters.bridges();
        Map<NetworkId, LinkStatistics> networks = new HashMap<>();
        for (Network network : records.networks()) {
            LinkStatistics statistics = bridges.get(network.bridge());
            if (statistics != null && network.hasBridge() && network.state() == NetworkState.READY) {
                networks.put(network.id(), statistics);
            }
        }
        return networks;
    }

    /** See {@link Engine#portTraffic}. */
    List<PortTraffic> ofPorts() {
        Map<Publication, Long> connections = counters.connections();
        List<PortTraffic> ports = new ArrayList<>();
        for (Endpoint endpoint : records.endpoints()) {
            for (Publication port : Desired.publications(endpoint, endpoint.ports())) {
                Long counted = connections.get(port);
                if (counted != null) {
                    ports.add(new PortTraffic(endpoint.spec().network(), endpoint.id(), port, counted));
                }
            }
        }
        return ports;
    }

    /** See {@link Engine#openBytes}. */
    Optional<Map<Publication, Long>> openBytes() {
        return counters.openBytes(records.endpoints().stream()
                .flatMap(endpoint -> Desired.publications(endpoint, endpoint.ports()).stream())
                .toList());
    }
}
