package io.jnet.engine.publish;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortAccess;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.relay.Service;
import io.jnet.engine.relay.Visitor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reservations that this process holds for published ports, by endpoint. Sockets are the one thing of a network that only a living
 * process can hold: they are taken again at each start.
 */
public final class PublishedPorts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedPorts.class);

    private static final HostPorts UNHELD = new UnheldPorts();

    private final HostPorts hostPorts;
    private final BiPredicate<EndpointSpec, Visitor> admission;
    private final HolderSearches searches;
    private final Map<EndpointId, List<PortAssignment>> held = new ConcurrentHashMap<>();
    private final Map<EndpointId, List<PortClash>> clashes = new ConcurrentHashMap<>();

    public PublishedPorts(HostPorts hostPorts, BiPredicate<EndpointSpec, Visitor> admission) {
        this(hostPorts, admission, System::nanoTime);
    }

    /**
     * @param clock nanoseconds, from any beginning
     */
    PublishedPorts(HostPorts hostPorts, BiPredicate<EndpointSpec, Visitor> admission, LongSupplier clock) {
        this.hostPorts = hostPorts;
        this.admission = admission;
        this.searches = new HolderSearches(clock);
    }

    /**
     * Assigns ports to requests as {@link PortChoice#assign} does; {@link #keep} or {@link #abandon} must follow. A port of the endpoint that another
     * process took stays its own, as it is.
     */
    public List<PortAssignment> assign(EndpointSpec endpoint, List<PortRequest> requests) {
        HostPorts from = endpoint.portHolder() == PortHolder.RUNTIME ? UNHELD : hostPorts;
        List<PortAssignment> own = new ArrayList<>(held(endpoint.id()));
        clashes(endpoint.id()).stream().map(PublishedPorts::unreserved).forEach(own::add);
        return PortChoice.assign(requests, own, from);
    }

    /**
     * Refuses a port that somebody holds; holds nothing.
     *
     * @throws EngineException with {@code CONFLICT} and the holder, where that is known
     */
    public void requireFree(PortRequest request) {
        request.hostPorts().ifPresent(port -> hostPorts
                .reserve(request.protocol(), request.hostAddress(), port.first())
                .close());
    }

    /** Has the daemon itself serve what the kernel cannot translate of these ports. */
    public void serve(EndpointSpec endpoint, List<PortAssignment> assignments) {
        assignments.forEach(assignment -> serve(endpoint, assignment));
    }

    /** Makes the assignments what the endpoint holds, or its runtime from now on, and releases what it held beside them. */
    public void keep(EndpointSpec endpoint, List<PortAssignment> assignments) {
        EndpointId id = endpoint.id();
        if (endpoint.portHolder() == PortHolder.RUNTIME) {
            return;
        }
        List<PortAssignment> before = held(id);
        List<PortClash> lost = clashes(id).stream()
                .filter(clash -> assignments.contains(unreserved(clash)))
                .toList();
        Set<PortAssignment> kept = new LinkedHashSet<>(assignments);
        lost.stream().map(PublishedPorts::unreserved).forEach(kept::remove);
        put(held, id, List.copyOf(kept));
        put(clashes, id, lost);
        before.stream().filter(one -> !kept.contains(one)).forEach(PublishedPorts::release);
    }

    /** Releases what of the assignments the endpoint does not hold. */
    public void abandon(EndpointId id, List<PortAssignment> assignments) {
        Set<PortAssignment> before = new HashSet<>(held(id));
        assignments.stream().filter(one -> !before.contains(one)).forEach(PublishedPorts::release);
    }

    /** Reserves again what an endpoint published before this process started; a port that is taken meanwhile is noted, not refused. */
    public void restore(Endpoint endpoint) {
        if (endpoint.spec().portHolder() == PortHolder.RUNTIME) {
            return;
        }
        List<PortClash> wanted = new ArrayList<>();
        for (PortBinding binding : endpoint.ports()) {
            for (int i = 0; i < binding.hostPorts().size(); i++) {
                wanted.add(new PortClash(
                        endpoint.id(),
                        binding.protocol(),
                        binding.hostAddress(),
                        binding.hostPorts().first() + i,
                        binding.containerPort() + i,
                        ""));
            }
        }
        List<PortClash> remaining = reserve(endpoint, wanted);
        remaining.forEach(clash -> LOG.atWarn()
                .addKeyValue("endpoint", endpoint.id())
                .addKeyValue("port", clash.hostPort())
                .log(clash.text()));
    }

    /** Tries again to reserve the ports that were taken; under the endpoint's lock, as all changes of what it holds. */
    public void reclaim(Endpoint endpoint) {
        List<PortClash> before = clashes(endpoint.id());
        List<PortClash> remaining = reserve(endpoint, before);
        if (remaining.size() < before.size()) {
            LOG.atInfo()
                    .addKeyValue("endpoint", endpoint.id())
                    .addKeyValue("ports", before.size() - remaining.size())
                    .log("reserved ports again that another process had held");
        }
    }

    /** The ports that another process took while no daemon held them. */
    public List<PortClash> clashes() {
        return clashes.values().stream().flatMap(List::stream).toList();
    }

    /** Releases everything. */
    @Override
    public void close() {
        held.values().forEach(assignments -> assignments.forEach(PublishedPorts::release));
        held.clear();
    }

    private List<PortClash> reserve(Endpoint endpoint, List<PortClash> wanted) {
        List<PortAssignment> holding = new ArrayList<>(held(endpoint.id()));
        List<PortClash> remaining = new ArrayList<>();
        for (PortClash port : wanted) {
            try {
                holding.add(reserveNaming(endpoint, port));
            } catch (EngineException e) {
                // What was found out of a holder before stays while nobody looks.
                boolean known = port.reason().startsWith(e.getMessage());
                remaining.add(new PortClash(
                        endpoint.id(),
                        port.protocol(),
                        port.hostAddress(),
                        port.hostPort(),
                        port.containerPort(),
                        known ? port.reason() : e.getMessage()));
            }
        }
        put(held, endpoint.id(), List.copyOf(holding));
        put(clashes, endpoint.id(), List.copyOf(remaining));
        return remaining;
    }

    /** With the holder of a taken port in the refusal, when it is time to look for that. */
    private PortAssignment reserveNaming(Endpoint endpoint, PortClash port) {
        try {
            return reserve(endpoint, port, false);
        } catch (EngineException taken) {
            if (taken.code() == ErrorCode.CONFLICT && searches.take()) {
                return reserve(endpoint, port, true);
            }
            throw taken;
        }
    }

    private PortAssignment reserve(Endpoint endpoint, PortClash port, boolean naming) {
        PortAssignment assignment = new PortAssignment(
                port.protocol(),
                port.hostAddress(),
                port.containerPort(),
                hostPorts.reserve(port.protocol(), port.hostAddress(), port.hostPort(), naming));
        try {
            serve(endpoint.spec(), assignment);
            return assignment;
        } catch (EngineException e) {
            release(assignment);
            throw e;
        }
    }

    private void serve(EndpointSpec endpoint, PortAssignment assignment) {
        PortAccess access = PortAccess.of(endpoint, assignment.protocol(), assignment.hostAddress());
        if (!access.daemon().isEmpty()) {
            Predicate<Visitor> served = visitor -> access.isServedByDaemon(visitor.address());
            assignment
                    .reservation()
                    .serve(new Service(
                            access.targets(),
                            assignment.containerPort(),
                            served.and(visitor -> admission.test(endpoint, visitor))));
        }
    }

    private List<PortAssignment> held(EndpointId id) {
        return held.getOrDefault(id, List.of());
    }

    private List<PortClash> clashes(EndpointId id) {
        return clashes.getOrDefault(id, List.of());
    }

    private static PortAssignment unreserved(PortClash clash) {
        return new PortAssignment(
                clash.protocol(), clash.hostAddress(), clash.containerPort(), new Unreserved(clash.hostPort()));
    }

    private static <T> void put(Map<EndpointId, List<T>> map, EndpointId id, List<T> values) {
        if (values.isEmpty()) {
            map.remove(id);
        } else {
            map.put(id, values);
        }
    }

    /** A port that another process has: of an endpoint, and of no socket of this process. */
    private record Unreserved(int port) implements HostPorts.Reservation {
        @Override
        public void serve(Service service) {
            // Who has the port answers there.
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }

    private static void release(PortAssignment assignment) {
        assignment.reservation().close();
    }
}
