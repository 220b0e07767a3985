package io.jnet.engine;

import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.HostPorts.Reservation;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** One published port with the reservation that holds its host port. */
record PortAssignment(Protocol protocol, Optional<IpAddress> hostAddress, int containerPort, Reservation reservation) {

    int hostPort() {
        return reservation.port();
    }

    boolean answers(PortRequest request) {
        return protocol == request.protocol()
                && hostAddress.equals(request.hostAddress())
                && containerPort == request.containerPort()
                && request.hostPorts()
                        .map(range -> range.overlaps(PortRange.of(hostPort())))
                        .orElse(true);
    }

    /**
     * Finds a host port for each request, keeping what is held already where it answers. Requests for one certain port come first, so that
     * a range does not take it.
     *
     * @param held what the endpoint holds; not changed
     * @return assignments for all requests; those that are not in {@code held} are newly reserved
     * @throws EngineException with {@code CONFLICT} when a port is taken; nothing is newly reserved then
     */
    static List<PortAssignment> assign(List<PortRequest> requests, List<PortAssignment> held, HostPorts hostPorts) {
        List<PortAssignment> available = new ArrayList<>(held);
        List<PortAssignment> assigned = new ArrayList<>();
        List<PortRequest> ordered = new ArrayList<>(new LinkedHashSet<>(requests));
        ordered.sort(Comparator.comparingInt(PortAssignment::choices));
        try {
            for (PortRequest request : ordered) {
                Optional<PortAssignment> kept =
                        available.stream().filter(one -> one.answers(request)).findFirst();
                kept.ifPresent(available::remove);
                assigned.add(kept.orElseGet(() -> reserve(request, hostPorts)));
            }
            return assigned;
        } catch (RuntimeException e) {
            assigned.stream().filter(one -> !held.contains(one)).forEach(one -> one.reservation()
                    .close());
            throw e;
        }
    }

    /** The bindings of assignments: ports that follow each other on both sides become one. */
    static List<PortBinding> bindings(List<PortAssignment> assignments) {
        List<PortAssignment> sorted = new ArrayList<>(assignments);
        sorted.sort(Comparator.comparing(PortAssignment::protocol)
                .thenComparing(one -> one.hostAddress().map(IpAddress::toString).orElse(""))
                .thenComparingInt(PortAssignment::hostPort)
                .thenComparingInt(PortAssignment::containerPort));
        List<PortBinding> bindings = new ArrayList<>();
        for (PortAssignment next : sorted) {
            PortBinding last = bindings.isEmpty() ? null : bindings.get(bindings.size() - 1);
            if (last != null && next.continues(last)) {
                PortRange longer = new PortRange(last.hostPorts().first(), next.hostPort());
                bindings.set(
                        bindings.size() - 1,
                        new PortBinding(last.protocol(), last.hostAddress(), longer, last.containerPort()));
            } else {
                bindings.add(new PortBinding(
                        next.protocol, next.hostAddress, PortRange.of(next.hostPort()), next.containerPort));
            }
        }
        return bindings;
    }

    // Only ports that are the same on both sides become a range: that is what the kernel can translate as a range.
    private boolean continues(PortBinding last) {
        return protocol == last.protocol()
                && hostAddress.equals(last.hostAddress())
                && hostPort() == containerPort
                && last.hostPorts().last() == last.containerPorts().last()
                && hostPort() == last.hostPorts().last() + 1;
    }

    private static int choices(PortRequest request) {
        return request.hostPorts().map(PortRange::size).orElse(Integer.MAX_VALUE);
    }

    private static PortAssignment reserve(PortRequest request, HostPorts hostPorts) {
        PortRange range = request.hostPorts().orElse(null);
        if (range == null) {
            return of(request, hostPorts.reserve(request.protocol(), request.hostAddress(), HostPorts.EPHEMERAL));
        }
        EngineException taken = null;
        for (int port = range.first(); port <= range.last(); port++) {
            try {
                return of(request, hostPorts.reserve(request.protocol(), request.hostAddress(), port));
            } catch (EngineException e) {
                if (e.code() != ErrorCode.CONFLICT) {
                    throw e;
                }
                taken = e;
            }
        }
        if (range.size() == 1) {
            throw taken;
        }
        throw new EngineException(
                ErrorCode.EXHAUSTED,
                "no port of " + range + "/" + request.protocol().text() + " is free on the host",
                taken);
    }

    private static PortAssignment of(PortRequest request, Reservation reservation) {
        return new PortAssignment(request.protocol(), request.hostAddress(), request.containerPort(), reservation);
    }
}
