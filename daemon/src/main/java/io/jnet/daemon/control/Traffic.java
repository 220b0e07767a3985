package io.jnet.daemon.control;

import io.jnet.engine.Engine;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.traffic.PortTraffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What came by published ports, at one moment. What the kernel does not tell is left out: the ports are there without it. */
final class Traffic {
    private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);

    private final Map<String, List<PortTraffic>> byEndpoint;
    private final Optional<Map<Publication, Long>> openBytes;

    private Traffic(List<PortTraffic> ports, Optional<Map<Publication, Long>> openBytes) {
        byEndpoint = ports.stream()
                .collect(Collectors.groupingBy(port -> port.endpoint().value()));
        this.openBytes = openBytes;
    }

    static Traffic of(Engine engine) {
        return new Traffic(read(engine::portTraffic, List.of()), read(engine::openBytes, Optional.empty()));
    }

    private static <T> T read(Supplier<T> reading, T nothing) {
        try {
            return reading.get();
        } catch (EngineException refused) {
            LOG.atWarn().addKeyValue("category", refused.code()).log(refused.getMessage());
            return nothing;
        }
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
