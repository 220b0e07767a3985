package io.jnet.engine.port;

import io.jnet.netlink.address.AddressFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Ports of a container that are reached at the container's own address, where its network is routed or trusts an interface of the host;
 * the host's own ports have no part in it.
 *
 * @param protocol the transport protocol
 * @param family of the container's address
 * @param ports the container's ports
 */
public record OpenPort(Protocol protocol, AddressFamily family, PortRange ports) {

    /** The same ports, each once, with runs of them joined; in a stable order. */
    public static List<OpenPort> joined(Collection<OpenPort> all) {
        List<OpenPort> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(OpenPort::family)
                .thenComparing(OpenPort::protocol)
                .thenComparing(open -> open.ports().first()));
        List<OpenPort> joined = new ArrayList<>();
        for (OpenPort next : sorted) {
            OpenPort last = joined.isEmpty() ? next : joined.get(joined.size() - 1);
            boolean continued = !joined.isEmpty()
                    && last.family == next.family
                    && last.protocol == next.protocol
                    && next.ports.first() <= last.ports.last() + 1;
            if (continued) {
                int end = Math.max(last.ports.last(), next.ports.last());
                joined.set(
                        joined.size() - 1,
                        new OpenPort(last.protocol, last.family, new PortRange(last.ports.first(), end)));
            } else {
                joined.add(next);
            }
        }
        return joined;
    }
}
