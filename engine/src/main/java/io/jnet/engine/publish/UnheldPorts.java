package io.jnet.engine.publish;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.relay.Service;
import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/** The host's ports where somebody else holds them, before or after: nothing is bound, and every port counts as free. */
final class UnheldPorts implements HostPorts {
    @Override
    public Reservation reserve(Protocol protocol, Optional<IpAddress> hostAddress, int port, boolean naming) {
        if (port == EPHEMERAL) {
            throw EngineException.invalid("a port that the container's runtime holds has to be named");
        }
        return new Reservation() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void serve(Service service) {
                throw new EngineException(ErrorCode.INTERNAL, "port " + port + " is not the engine's to serve");
            }

            @Override
            public void close() {
                // Nothing was opened.
            }
        };
    }
}
