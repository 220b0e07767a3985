package io.jnet.engine.endpoint;

import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/**
 * A published port that another process took while no daemon held it. The kernel goes on translating it; what only the daemon can serve of
 * it is not served, and the process gets what the kernel leaves over.
 *
 * @param endpoint whose port it is
 * @param protocol the transport protocol
 * @param hostAddress the host's address; empty: every address of both families
 * @param hostPort the host's port
 * @param containerPort the container's port
 * @param reason who holds it, as far as it is known
 */
public record PortClash(
        EndpointId endpoint,
        Protocol protocol,
        Optional<IpAddress> hostAddress,
        int hostPort,
        int containerPort,
        String reason) {

    /** One line for a person. */
    public String text() {
        return "port " + hostPort + "/" + protocol.text() + " of endpoint " + endpoint
                + " stays published, but could not be reserved again: " + reason;
    }
}
