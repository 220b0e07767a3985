package io.jnet.engine.network;

import io.jnet.engine.EngineException;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/**
 * One address range of a network.
 *
 * @param prefix the range, host bits zero
 * @param gateway the bridge's own address in the range with the range's length; empty when the bridge has none
 */
public record Subnet(IpPrefix prefix, Optional<IpPrefix> gateway) {

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when host bits are set, when the gateway lies outside, or when no address of
     *     the range can be used
     */
    public Subnet {
        if (!prefix.network().equals(prefix)) {
            throw EngineException.invalid("invalid subnet " + prefix + ": host bits are set, want " + prefix.network());
        }
        if (prefix.length() == 0
                || prefix.address().isMulticast()
                || prefix.address().isLoopback()
                || prefix.address().isAny()) {
            throw EngineException.invalid("invalid subnet " + prefix + ": not a unicast range");
        }
        gateway.ifPresent(address -> checkGateway(prefix, address));
    }

    /** The address family of the range. */
    public AddressFamily family() {
        return prefix.family();
    }

    private static void checkGateway(IpPrefix prefix, IpPrefix gateway) {
        if (!prefix.contains(gateway.address()) || gateway.length() != prefix.length()) {
            throw EngineException.invalid("gateway " + gateway + " is not an address of subnet " + prefix);
        }
        boolean hasBroadcast = prefix.family() == AddressFamily.INET && prefix.length() <= 30;
        if (hasBroadcast
                && (gateway.address().equals(prefix.address())
                        || gateway.address().equals(prefix.last()))) {
            throw EngineException.invalid(
                    "gateway " + gateway + " is the network or broadcast address of subnet " + prefix);
        }
    }
}
