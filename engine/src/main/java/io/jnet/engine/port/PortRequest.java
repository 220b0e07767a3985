package io.jnet.engine.port;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/**
 * One port that a container wants published.
 *
 * @param protocol the transport protocol
 * @param hostAddress the host's address; empty: every address; {@code 0.0.0.0} or {@code ::}: every address of that family
 * @param hostPorts the host ports of which one is to be taken; empty: one of the host's ephemeral ports
 * @param containerPort the container's port, 1 to 65535
 */
public record PortRequest(
        Protocol protocol, Optional<IpAddress> hostAddress, Optional<PortRange> hostPorts, int containerPort) {

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when the container's port is out of range
     */
    public PortRequest {
        if (containerPort < 1 || containerPort > PortRange.MAX_PORT) {
            throw EngineException.invalid(
                    "invalid container port " + containerPort + ": want 1 to " + PortRange.MAX_PORT);
        }
    }
}
