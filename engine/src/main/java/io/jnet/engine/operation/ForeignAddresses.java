package io.jnet.engine.operation;

import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.store.StateView;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/** Which addresses another program may have given to an endpoint: those that lead to one container, and not into a network of jnet. */
final class ForeignAddresses {
    private ForeignAddresses() {}

    /**
     * @throws EngineException with {@code CONFLICT} for one of a network's subnet, or of another endpoint
     */
    static void check(StateView state, EndpointSpec spec) {
        for (Network network : state.networks()) {
            for (IpPrefix address : spec.addresses()) {
                for (Subnet subnet : network.spec().subnets()) {
                    if (subnet.prefix().contains(address.address())) {
                        throw EngineException.conflict("address " + address + " is in subnet " + subnet.prefix()
                                + " of network " + network.displayName());
                    }
                }
                Optional<EndpointId> owner = state.owner(network.id(), address.address());
                if (owner.isPresent() && !owner.get().equals(spec.id())) {
                    throw EngineException.conflict("address " + address + " belongs to endpoint " + owner.get());
                }
            }
        }
    }
}
