package io.jnet.engine.port;

import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A published port, or a run of them that keep their distance: host port {@code hostPorts.first() + i} leads to container port
 * {@code containerPort + i}.
 *
 * @param protocol the transport protocol
 * @param hostAddress the host's address; empty: every address of the families that the container has
 * @param hostPorts the host's ports
 * @param containerPort the container's first port
 */
public record PortBinding(Protocol protocol, Optional<IpAddress> hostAddress, PortRange hostPorts, int containerPort) {

    /** Whether a port of one host address is also one of the other; empty: every address of both families. */
    public static boolean addressesOverlap(Optional<IpAddress> one, Optional<IpAddress> other) {
        if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
            return true;
        }
        boolean sameFamily = one.get().family() == other.get().family();
        return sameFamily && (one.get().isAny() || other.get().isAny());
    }

    /** What has to be asked for to publish the same. */
    public List<PortRequest> requests() {
        return IntStream.range(0, hostPorts.size())
                .mapToObj(i -> new PortRequest(
                        protocol, hostAddress, Optional.of(PortRange.of(hostPorts.first() + i)), containerPort + i))
                .toList();
    }

    /** The container's ports. */
    public PortRange containerPorts() {
        return new PortRange(containerPort, containerPort + hostPorts.size() - 1);
    }
}
