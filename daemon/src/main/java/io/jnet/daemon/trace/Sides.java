package io.jnet.daemon.trace;

import io.jnet.netlink.nftables.TraceEvent;
import io.jnet.netlink.nftables.TracedPacket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells reports of the packet that is followed from those of its answer, and both from those of others: of another client's connection to the same port,
 * or answers of one that was there before. The kernel gives a packet another number when it comes by another link, as by the bridge and then by the port.
 */
final class Sides {
    /** Whom a report is about. */
    enum Side {
        PACKET,
        ANSWER,
        OTHER
    }

    private final Flow flow;
    private final Map<Long, Side> sides = new HashMap<>();
    /** Where the packet went, translated or not: answers come from there. */
    private final Set<Integer> servicePorts = new HashSet<>();

    private Optional<TracedPacket> first = Optional.empty();

    Sides(Flow flow) {
        this.flow = flow;
    }

    Side of(TraceEvent event) {
        event.content().ifPresent(content -> {
            Side side = sides.computeIfAbsent(event.packet(), unseen -> tell(content));
            if (side == Side.PACKET) {
                servicePorts.add(content.destinationPort());
            }
        });
        return sides.getOrDefault(event.packet(), Side.OTHER);
    }

    private Side tell(TracedPacket content) {
        if (first.isEmpty()) {
            if (!content.destination().equals(flow.destination()) || content.destinationPort() != flow.port()) {
                return Side.OTHER;
            }
            first = Optional.of(content);
            return Side.PACKET;
        }
        if (content.unreachable().isPresent()) {
            return isOfFlow(content) ? Side.ANSWER : Side.OTHER;
        }
        int client = first.get().sourcePort();
        if (content.sourcePort() == client) {
            return Side.PACKET;
        }
        // Of one's own connection nothing else is marked, and masquerading may have changed the client's port.
        boolean mine = flow.sourcePort().isPresent() || content.destinationPort() == client;
        return mine && servicePorts.contains(content.sourcePort()) ? Side.ANSWER : Side.OTHER;
    }

    /** ICMP has no ports. What the marks do not tell of several senders, the first one's address does. */
    private boolean isOfFlow(TracedPacket message) {
        return flow.sourcePort().isPresent()
                || !flow.sources().isEmpty()
                || message.destination().equals(first.get().source());
    }
}
