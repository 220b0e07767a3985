package io.jnet.engine.network;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/**
 * A route that every container of a network gets.
 *
 * @param destination where it leads; host bits zero, not everywhere: that is the gateway's
 * @param nextHop by whom; empty: the destination is on the network itself
 */
public record StaticRoute(IpPrefix destination, Optional<IpAddress> nextHop) {
    /**
     * @throws EngineException with {@code INVALID_REQUEST} when host bits are set, for a default route, and for two families
     */
    public StaticRoute {
        if (!destination.network().equals(destination)) {
            throw EngineException.invalid(
                    "invalid route to " + destination + ": host bits are set, want " + destination.network());
        }
        if (destination.length() == 0) {
            throw EngineException.invalid("invalid route to " + destination
                    + ": the default route is the gateway's, see --gateway and --aux-address DefaultGatewayIPv4");
        }
        if (nextHop.isPresent() && nextHop.get().family() != destination.family()) {
            throw EngineException.invalid(
                    "invalid route to " + destination + ": its next hop " + nextHop.get() + " is of another family");
        }
    }

    /** {@code 10.9.0.0/16 via 10.77.0.5}, or the destination alone. */
    @Override
    public String toString() {
        return destination + nextHop.map(hop -> " via " + hop).orElse("");
    }
}
