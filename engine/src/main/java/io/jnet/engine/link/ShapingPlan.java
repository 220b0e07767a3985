package io.jnet.engine.link;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.Optional;

/**
 * How an endpoint's packets are to be delayed.
 *
 * @param hostLink the name of the host's end of the veth pair
 * @param shaper the name of the ifb link; empty where what the container sends is not limited
 * @param shaperMac its MAC address
 * @param bandwidth the limits
 * @param mtu of the veth pair, in bytes
 * @param alias what marks the ifb link as this endpoint's
 * @param foreign whether the veth pair is another program's: it may have a queue already, which is not replaced; the engine's goes without it;
 *     and its MTU counts
 */
public record ShapingPlan(
        InterfaceName hostLink,
        Optional<InterfaceName> shaper,
        MacAddress shaperMac,
        Bandwidth bandwidth,
        int mtu,
        String alias,
        boolean foreign) {

    /** The same for a link with this MTU, in bytes. */
    ShapingPlan withMtu(int bytes) {
        return new ShapingPlan(hostLink, shaper, shaperMac, bandwidth, bytes, alias, foreign);
    }
}
