package io.jnet.engine.publish;

import io.jnet.engine.port.HostPorts.Reservation;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One published port with the reservation that holds its host port. */
public record PortAssignment(
        Protocol protocol, Optional<IpAddress> hostAddress, int containerPort, Reservation reservation) {

    int hostPort() {
        return reservation.port();
    }

    /** The bindings of assignments: ports that follow each other on both sides become one. */
    public static List<PortBinding> bindings(List<PortAssignment> assignments) {
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
}
