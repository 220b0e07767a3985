package io.jnet.engine.operation;

import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.store.StateView;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/** Which addresses an endpoint of a network may have. */
final class EndpointAddresses {
    private EndpointAddresses() {}

    /** Whether {@link #check} lets them pass. */
    static boolean areFree(StateView state, Network network, EndpointSpec spec) {
        try {
            check(state, network, spec);
            return true;
        } catch (EngineException refused) {
            return false;
        }
    }

    /**
     * @throws EngineException with {@code INVALID_REQUEST} for an address that is no container's, {@code CONFLICT} for a taken one
     */
    static void check(StateView state, Network network, EndpointSpec spec) {
        for (IpPrefix address : spec.addresses()) {
            Subnet subnet = network.spec().subnets().stream()
                    .filter(candidate -> candidate.prefix().equals(address.network()))
                    .findFirst()
                    .orElseThrow(() -> EngineException.invalid(
                            "address " + address + " is in no subnet of network " + network.displayName()));
            if (!subnet.isUsable(address.address())) {
                throw EngineException.invalid("address " + address
                        + " is the network or broadcast address of its subnet, and no container's");
            }
            if (subnet.gateway()
                    .filter(gateway -> gateway.address().equals(address.address()))
                    .isPresent()) {
                throw EngineException.conflict(
                        "address " + address + " is the gateway of network " + network.displayName());
            }
            if (subnet.defaultGateway().equals(Optional.of(address.address()))) {
                throw EngineException.conflict(
                        "address " + address + " is the default gateway of network " + network.displayName());
            }
            state.owner(spec.network(), address.address())
                    .filter(owner -> !owner.equals(spec.id()))
                    .ifPresent(owner -> {
                        throw EngineException.conflict("address " + address + " belongs to endpoint " + owner
                                + ": see jnet endpoint ls, and remove what Docker has forgotten with jnet prune");
                    });
        }
    }
}
