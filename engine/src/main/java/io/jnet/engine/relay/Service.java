package io.jnet.engine.relay;

import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a port leads to.
 *
 * @param containers the container's addresses, the best first; a stream tries one after the other, a datagram goes to the first
 * @param port the container's port
 * @param admission whether somebody may use it
 */
public record Service(List<IpAddress> containers, int port, Predicate<Visitor> admission) {
    /**
     * @throws IllegalArgumentException without an address
     */
    public Service {
        containers = List.copyOf(containers);
        if (containers.isEmpty()) {
            throw new IllegalArgumentException("port " + port + " leads to no address");
        }
    }

    /** Whether both lead to the same. */
    public boolean leadsTo(Service other) {
        return containers.equals(other.containers) && port == other.port;
    }
}
