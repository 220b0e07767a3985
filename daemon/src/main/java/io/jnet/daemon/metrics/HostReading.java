package io.jnet.daemon.metrics;

import io.jnet.daemon.service.Backend;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.traffic.PortTraffic;
import io.jnet.ipam.pool.PoolReport;
import io.jnet.netlink.link.LinkStatistics;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what the engine, the pools and the kernel have counted. Not thread-safe.
 *
 * <p>The number of series is bounded: of networks, pools and ports the first ones by name are told, and how many are left out.
 */
final class HostReading {
    private static final int MOST_NETWORKS = 500;
    private static final int MOST_POOLS = 500;
    private static final int MOST_PORTS = 2000;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final String version;
    private final Instant started = Instant.now();
    private final LastReading<Map<NetworkId, LinkStatistics>> bridges = new LastReading<>(Map.of());
    private final LastReading<List<PortTraffic>> ports = new LastReading<>(List.of());

    HostReading(String version) {
        this.version = version;
    }

    Reading read(Backend backend) {
        Engine engine = backend.engine();
        Reading reading = new Reading();
        addProcess(reading, engine);
        addMended(reading, engine);
        List<Network> networks = engine.networks().stream()
                .sorted(Comparator.comparing(Network::displayName))
                .toList();
        addObjects(reading, engine, networks);
        addPools(reading, backend.pools().pools());
        addNetworks(reading, networks, bridges.read(engine::networkTraffic));
        addPorts(reading, networks, ports.read(engine::portTraffic));
        reading.add(Metric.FAILED_READINGS, bridges.failures(), "networks");
        reading.add(Metric.FAILED_READINGS, ports.failures(), "ports");
        return reading;
    }

    private void addProcess(Reading reading, Engine engine) {
        reading.add(Metric.BUILD, 1, version, Runtime.version().toString());
        reading.add(Metric.STARTED, started.toEpochMilli() / MILLIS_PER_SECOND);
        reading.add(Metric.HEALTHY, engine.troubles().isEmpty() ? 1 : 0);
        Runtime runtime = Runtime.getRuntime();
        reading.add(Metric.HEAP, runtime.totalMemory() - runtime.freeMemory());
    }

    private static void addMended(Reading reading, Engine engine) {
        engine.mended().forEach((kind, count) -> reading.add(Metric.MENDED, count, kind));
    }

    private static void addObjects(Reading reading, Engine engine, List<Network> networks) {
        List<Endpoint> endpoints = engine.endpoints();
        reading.add(Metric.NETWORKS, networks.size());
        for (EndpointState state : EndpointState.values()) {
            reading.add(
                    Metric.ENDPOINTS,
                    endpoints.stream()
                            .filter(endpoint -> endpoint.state() == state)
                            .count(),
                    state.name().toLowerCase(Locale.ROOT));
        }
        reading.add(
                Metric.PORTS,
                endpoints.stream()
                        .flatMap(endpoint -> endpoint.ports().stream())
                        .mapToLong(binding -> binding.hostPorts().size())
                        .sum());
        reading.add(Metric.CLASHES, engine.clashes().size());
    }

    /** A range may have several pools: of parts, or of address spaces. */
    private static void addPools(Reading reading, List<PoolReport> pools) {
        reading.add(Metric.POOLS, pools.size());
        pools.stream().limit(MOST_POOLS).forEach(report -> {
            String range = report.pool().prefix().toString();
            reading.add(Metric.LEASES, report.used(), range);
            BigInteger all = report.free().add(BigInteger.valueOf(report.used()));
            reading.add(Metric.ADDRESSES, all.doubleValue(), range);
        });
        reading.add(Metric.LEFT_OUT, Math.max(0, pools.size() - MOST_POOLS), "pools");
    }

    private static void addNetworks(
            Reading reading, List<Network> networks, Map<NetworkId, LinkStatistics> statistics) {
        networks.stream()
                .filter(network -> statistics.containsKey(network.id()))
                .limit(MOST_NETWORKS)
                .forEach(network -> {
                    LinkStatistics counted = statistics.get(network.id());
                    String name = network.displayName();
                    reading.add(Metric.NETWORK_BYTES, counted.receivedBytes(), name, "from_containers");
                    reading.add(Metric.NETWORK_BYTES, counted.sentBytes(), name, "to_containers");
                    reading.add(Metric.NETWORK_PACKETS, counted.receivedPackets(), name, "from_containers");
                    reading.add(Metric.NETWORK_PACKETS, counted.sentPackets(), name, "to_containers");
                });
        reading.add(Metric.LEFT_OUT, Math.max(0, statistics.size() - MOST_NETWORKS), "networks");
    }

    private static void addPorts(Reading reading, List<Network> networks, List<PortTraffic> ports) {
        Map<NetworkId, String> names = new HashMap<>();
        networks.forEach(network -> names.put(network.id(), network.displayName()));
        ports.stream()
                .sorted(Comparator.comparing(
                                (PortTraffic port) -> port.publication().hostAddress())
                        .thenComparing(port -> port.publication().protocol())
                        .thenComparing(port -> port.publication().hostPorts().first()))
                .limit(MOST_PORTS)
                .forEach(port -> {
                    Publication publication = port.publication();
                    reading.add(
                            Metric.CONNECTIONS,
                            port.connections(),
                            names.getOrDefault(port.network(), ""),
                            publication.protocol().text(),
                            publication.hostAddress().toString(),
                            publication.hostPorts().toString());
                });
        reading.add(Metric.LEFT_OUT, Math.max(0, ports.size() - MOST_PORTS), "ports");
    }
}
