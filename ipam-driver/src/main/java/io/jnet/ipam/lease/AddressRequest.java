package io.jnet.ipam.lease;

import io.jnet.ipam.pool.AddressRange;
import io.jnet.netlink.address.IpAddress;
import java.util.Optional;

/**
 * What a network or container asks a pool for.
 *
 * @param address the address; absent: chosen
 * @param gateway whether it is for the network's gateway
 * @param owner who asks, where it is known
 * @param within where it is chosen, in the place of the pool's own part: any addresses of the pool; absent: there
 */
public record AddressRequest(
        Optional<IpAddress> address, boolean gateway, Optional<String> owner, Optional<AddressRange> within) {

    /** A request that the pool's own part is good for. */
    public AddressRequest(Optional<IpAddress> address, boolean gateway, Optional<String> owner) {
        this(address, gateway, owner, Optional.empty());
    }
}
