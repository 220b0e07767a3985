package io.jnet.engine;

import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.HostPorts.Reservation;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reservations that this process holds for published ports, by endpoint. Sockets are the one thing of a network that only a living
 * process can hold: they are taken again at each start.
 */
final class PublishedPorts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedPorts.class);

    private final HostPorts hostPorts;
    private final Map<EndpointId, List<PortAssignment>> held = new ConcurrentHashMap<>();
    private final Map<EndpointId, List<String>> clashes = new ConcurrentHashMap<>();

    PublishedPorts(HostPorts hostPorts) {
        this.hostPorts = hostPorts;
    }

    /** Assigns ports to requests as {@link PortAssignment#assign} does; {@link #keep} or {@link #abandon} must follow. */
    List<PortAssignment> assign(EndpointId id, List<PortRequest> requests) {
        return PortAssignment.assign(requests, held(id), hostPorts);
    }

    /** Makes the assignments what the endpoint holds, and releases what it held beside them. */
    void keep(EndpointId id, List<PortAssignment> assignments) {
        List<PortAssignment> before = held(id);
        if (assignments.isEmpty()) {
            held.remove(id);
        } else {
            held.put(id, List.copyOf(assignments));
        }
        clashes.remove(id);
        Set<PortAssignment> kept = new HashSet<>(assignments);
        before.stream().filter(one -> !kept.contains(one)).forEach(PublishedPorts::release);
    }

    /** Releases what of the assignments the endpoint does not hold. */
    void abandon(EndpointId id, List<PortAssignment> assignments) {
        Set<PortAssignment> before = new HashSet<>(held(id));
        assignments.stream().filter(one -> !before.contains(one)).forEach(PublishedPorts::release);
    }

    /** Reserves again what an endpoint published before this process started; a port that is taken meanwhile is noted, not refused. */
    void restore(EndpointId id, List<PortBinding> bindings) {
        List<PortAssignment> restored = new ArrayList<>();
        for (PortBinding binding : bindings) {
            for (int i = 0; i < binding.hostPorts().size(); i++) {
                restore(id, binding, i).ifPresent(restored::add);
            }
        }
        if (!restored.isEmpty()) {
            held.put(id, List.copyOf(restored));
        }
    }

    /** One line for each port that another process took while no daemon held it. */
    List<String> clashes() {
        return clashes.values().stream().flatMap(List::stream).toList();
    }

    /** Releases everything. */
    @Override
    public void close() {
        held.values().forEach(assignments -> assignments.forEach(PublishedPorts::release));
        held.clear();
    }

    private Optional<PortAssignment> restore(EndpointId id, PortBinding binding, int offset) {
        int port = binding.hostPorts().first() + offset;
        try {
            Reservation reservation = hostPorts.reserve(binding.protocol(), binding.hostAddress(), port);
            return Optional.of(new PortAssignment(
                    binding.protocol(), binding.hostAddress(), binding.containerPort() + offset, reservation));
        } catch (EngineException e) {
            String clash =
                    "port " + PortRange.of(port) + "/" + binding.protocol().text() + " of endpoint " + id
                            + " stays published, but could not be reserved again: " + e.getMessage();
            clashes.computeIfAbsent(id, unused -> new ArrayList<>()).add(clash);
            LOG.atWarn().addKeyValue("endpoint", id).addKeyValue("port", port).log(clash);
            return Optional.empty();
        }
    }

    private List<PortAssignment> held(EndpointId id) {
        return held.getOrDefault(id, List.of());
    }

    private static void release(PortAssignment assignment) {
        assignment.reservation().close();
    }
}
