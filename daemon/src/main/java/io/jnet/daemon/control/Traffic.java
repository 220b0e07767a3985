package io.jnet.daemon.control;

import io.jnet.engine.Engine;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.traffic.PortTraffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What came by published ports, at one moment. */
final class Traffic {
    private final Map<String, List<PortTraffic>> byEndpoint;
    private final Optional<Map<Publication, Long>> openBytes;

    private Traffic(List<PortTraffic> ports, Optional<Map<Publication, Long>> openBytes) {
        byEndpoint = ports.stream()
                .collect(Collectors.groupingBy(port -> port.endpoint().value()));
        this.openBytes = openBytes;
    }

    static Traffic of(Engine engine) {
        return new Traffic(engine.portTraffic(), engine.openBytes());
    }

    /** A port with what came by it. */
    PortView addTo(PortView port) {
        return port.with(byEndpoint.getOrDefault(port.endpoint(), List.of()).stream()
                .filter(counted -> isOf(counted.publication(), port))
                .map(this::view)
                .toList());
    }

    private TrafficView view(PortTraffic counted) {
        return new TrafficView(
                counted.publication().hostAddress().toString(),
                counted.connections(),
                openBytes.map(bytes -> bytes.getOrDefault(counted.publication(), 0L)));
    }

    private static boolean isOf(Publication publication, PortView port) {
        return publication.protocol().text().equals(port.protocol())
                && publication.hostPorts().first() == port.hostPort()
                && port.hostAddresses().contains(publication.hostAddress().toString());
    }
}
