package io.jnet.engine.flow;

import io.jnet.engine.firewall.Publication;
import io.jnet.engine.name.NameServer;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.conntrack.Flow;
import io.jnet.netlink.conntrack.FlowTuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** Tells the flows that have to end from all others. Of publications of ONE protocol and address family. Pure. */
final class StaleFlows implements Predicate<Flow> {
    private final Map<Integer, List<Publication>> published = new HashMap<>();
    private final Map<Integer, List<Publication>> withdrawn = new HashMap<>();
    private final Predicate<IpAddress> isLocal;

    /**
     * @param isLocal whether the host delivers packets for an address to itself
     */
    StaleFlows(List<Publication> published, List<Publication> withdrawn, Predicate<IpAddress> isLocal) {
        published.forEach(publication -> index(this.published, publication));
        withdrawn.forEach(publication -> index(this.withdrawn, publication));
        this.isLocal = isLocal;
    }

    /** The one host port that all of them have; empty when there are several. */
    OptionalInt onlyPort() {
        Map<Integer, List<Publication>> all = new HashMap<>(published);
        all.putAll(withdrawn);
        return all.size() == 1 ? OptionalInt.of(all.keySet().iterator().next()) : OptionalInt.empty();
    }

    /** Whether it is stale. */
    @Override
    public boolean test(Flow flow) {
        FlowTuple original = flow.original();
        List<Publication> now = published.getOrDefault(original.destinationPort(), List.of());
        List<Publication> before = withdrawn.getOrDefault(original.destinationPort(), List.of());
        // Most flows of a host are to other ports: they are told by a look at the port.
        if (now.isEmpty() && before.isEmpty()) {
            return false;
        }
        FlowTuple reply = flow.reply();
        for (Publication publication : now) {
            if (concerns(publication, original) && !isToResolver(flow)) {
                return !leads(publication, original, reply);
            }
        }
        return flow.isDestinationTranslated()
                && before.stream()
                        .anyMatch(publication -> isFor(publication, original) && leads(publication, original, reply));
    }

    /** Whether the rules would translate the flow if it began now; ::1 they never translate. */
    private boolean concerns(Publication publication, FlowTuple original) {
        IpAddress destination = original.destination();
        if (!publication.isForAnyAddress()) {
            return publication.hostAddress().equals(destination);
        }
        boolean untranslatable = destination.isLoopback() && destination.bytes().length > Integer.BYTES;
        return !untranslatable && isLocal.test(destination);
    }

    /** Where names are answered at another port of the same address: the rules take a bridge's own port 53 before published ones. */
    private static boolean isToResolver(Flow flow) {
        return flow.original().destinationPort() == NameServer.PORT
                && flow.isDestinationTranslated()
                && flow.reply().source().equals(flow.original().destination());
    }

    private static boolean isFor(Publication publication, FlowTuple original) {
        return publication.isForAnyAddress() || publication.hostAddress().equals(original.destination());
    }

    private static boolean leads(Publication publication, FlowTuple original, FlowTuple reply) {
        int offset = original.destinationPort() - publication.hostPorts().first();
        return reply.source().equals(publication.containerAddress())
                && reply.sourcePort() == publication.containerPort() + offset;
    }

    private static void index(Map<Integer, List<Publication>> byPort, Publication publication) {
        for (int port = publication.hostPorts().first();
                port <= publication.hostPorts().last();
                port++) {
            byPort.computeIfAbsent(port, unused -> new ArrayList<>(1)).add(publication);
        }
    }
}
