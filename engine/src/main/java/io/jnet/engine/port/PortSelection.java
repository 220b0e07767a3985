package io.jnet.engine.port;

import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/**
 * Says which of an endpoint's published ports are meant.
 *
 * @param protocol the transport protocol
 * @param hostAddress the host's address that it was published on; empty: whichever
 * @param hostPorts the host's ports
 * @param containerPorts the container's ports, as many; empty: whichever
 */
public record PortSelection(
        Protocol protocol, Optional<IpAddress> hostAddress, PortRange hostPorts, Optional<PortRange> containerPorts) {

    /** Whether one published port is meant, or, of an open port, which is on no port of the host, the container's. */
    public boolean contains(Protocol other, Optional<IpAddress> address, int hostPort, int containerPort) {
        return protocol == other
                && hostPorts.overlaps(PortRange.of(hostPort))
                && (hostAddress.isEmpty() || hostAddress.equals(address))
                && containerPorts
                        .map(ports -> containerPort - ports.first() == hostPort - hostPorts.first())
                        .orElse(true);
    }

    /** The container's ports that are meant, where nothing translates. */
    public PortRange open() {
        return containerPorts.orElse(hostPorts);
    }
}
