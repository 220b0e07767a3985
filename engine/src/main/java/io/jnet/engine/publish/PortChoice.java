package io.jnet.engine.publish;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds host ports for requests. Those that differ in nothing but the host's address get the same port; requests for one certain port come
 * first, so that a range does not take it; what is held already is kept where it answers. Takes time in proportion to the number of ports.
 */
final class PortChoice {
    /** How many of the kernel's proposals are tried for several addresses at once. */
    private static final int PROPOSALS = 20;

    private final HostPorts hostPorts;
    private final Map<Key, PortAssignment> held = new HashMap<>();
    private final Map<Target, List<Integer>> heldPorts = new HashMap<>();
    private final List<PortAssignment> fresh = new ArrayList<>();

    /** What a host port leads to. */
    private record Target(Protocol protocol, int containerPort) {}

    /** What tells one held port from the others. */
    private record Key(Target target, Optional<IpAddress> hostAddress, int hostPort) {}

    /** Requests that are to get one port. */
    private record Group(Target target, Optional<PortRange> hostPorts) {
        int choices() {
            return hostPorts.map(PortRange::size).orElse(Integer.MAX_VALUE);
        }

        boolean allows(int port) {
            return hostPorts.map(range -> range.overlaps(PortRange.of(port))).orElse(true);
        }

        String text() {
            return hostPorts.map(PortRange::toString).orElse("ephemeral") + "/"
                    + target.protocol().text();
        }
    }

    private PortChoice(Collection<PortAssignment> held, HostPorts hostPorts) {
        this.hostPorts = hostPorts;
        for (PortAssignment assignment : held) {
            Target target = new Target(assignment.protocol(), assignment.containerPort());
            this.held.put(new Key(target, assignment.hostAddress(), assignment.hostPort()), assignment);
            heldPorts.computeIfAbsent(target, unused -> new ArrayList<>(1)).add(assignment.hostPort());
        }
    }

    /**
     * Finds a host port for each request.
     *
     * @param held what the endpoint holds; not changed
     * @return assignments for all requests; those that are not in {@code held} are newly reserved
     * @throws EngineException with {@code CONFLICT} when a port is taken, {@code EXHAUSTED} when none of several is free; nothing is newly
     *     reserved then
     */
    static List<PortAssignment> assign(
            List<PortRequest> requests, Collection<PortAssignment> held, HostPorts hostPorts) {
        Map<Group, List<Optional<IpAddress>>> groups = new LinkedHashMap<>();
        for (PortRequest request : new LinkedHashSet<>(requests)) {
            Target target = new Target(request.protocol(), request.containerPort());
            groups.computeIfAbsent(new Group(target, request.hostPorts()), unused -> new ArrayList<>(1))
                    .add(request.hostAddress());
        }
        List<Group> ordered = new ArrayList<>(groups.keySet());
        ordered.sort(Comparator.comparingInt(Group::choices));
        PortChoice choice = new PortChoice(held, hostPorts);
        List<PortAssignment> assigned = new ArrayList<>();
        try {
            ordered.forEach(group -> assigned.addAll(choice.choose(group, groups.get(group))));
            return assigned;
        } catch (RuntimeException e) {
            choice.fresh.forEach(one -> one.reservation().close());
            throw e;
        }
    }

    private List<PortAssignment> choose(Group group, List<Optional<IpAddress>> addresses) {
        List<Integer> candidates = new ArrayList<>(heldPorts.getOrDefault(group.target(), List.of()).stream()
                .filter(group::allows)
                .filter(port -> addresses.stream()
                        .anyMatch(address -> held.containsKey(new Key(group.target(), address, port))))
                .toList());
        int kept = candidates.size();
        if (group.hostPorts().isPresent()) {
            PortRange range = group.hostPorts().get();
            IntStream.rangeClosed(range.first(), range.last()).forEach(candidates::add);
        } else {
            IntStream.range(0, addresses.size() == 1 ? 1 : PROPOSALS)
                    .forEach(unused -> candidates.add(HostPorts.EPHEMERAL));
        }
        return takeFirst(group, addresses, candidates, candidates.size() - kept);
    }

    private List<PortAssignment> takeFirst(
            Group group, List<Optional<IpAddress>> addresses, List<Integer> candidates, int choices) {
        // Kept until one fits all addresses, so that the same port is not proposed again.
        List<PortAssignment> unfit = new ArrayList<>();
        try {
            Optional<EngineException> taken = Optional.empty();
            for (int port : candidates) {
                try {
                    return take(group, addresses, port, choices == 1, unfit);
                } catch (EngineException e) {
                    if (e.code() != ErrorCode.CONFLICT) {
                        throw e;
                    }
                    taken = Optional.of(e);
                }
            }
            if (choices == 1) {
                throw taken.orElseThrow();
            }
            throw new EngineException(
                    ErrorCode.EXHAUSTED, "no port of " + group.text() + " is free on the host", taken.orElseThrow());
        } finally {
            unfit.forEach(one -> one.reservation().close());
        }
    }

    /** One port on all addresses, or nothing. */
    private List<PortAssignment> take(
            Group group, List<Optional<IpAddress>> addresses, int port, boolean only, List<PortAssignment> unfit) {
        List<PortAssignment> chosen = new ArrayList<>();
        List<PortAssignment> reserved = new ArrayList<>();
        int number = port;
        try {
            for (Optional<IpAddress> address : addresses) {
                PortAssignment kept = held.get(new Key(group.target(), address, number));
                if (kept == null) {
                    kept = new PortAssignment(
                            group.target().protocol(),
                            address,
                            group.target().containerPort(),
                            hostPorts.reserve(group.target().protocol(), address, number, only));
                    reserved.add(kept);
                }
                number = kept.hostPort();
                chosen.add(kept);
            }
        } catch (EngineException e) {
            unfit.addAll(reserved);
            throw e;
        }
        // Of several requests for one port each needs a port of its own.
        chosen.forEach(one -> held.remove(new Key(group.target(), one.hostAddress(), one.hostPort())));
        fresh.addAll(reserved);
        return chosen;
    }
}
