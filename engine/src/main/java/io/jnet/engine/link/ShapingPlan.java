package io.jnet.engine.link;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an endpoint's packets are to be delayed.
 *
 * @param hostLink the name of the veth's end on the bridge
 * @param shaper the name of the ifb link; empty where what the container sends is not limited
 * @param shaperMac its MAC address
 * @param bandwidth the limits
 * @param mtu of the veth pair, in bytes; empty: the kernel's default
 * @param alias what marks the ifb link as this endpoint's
 */
public record ShapingPlan(
        InterfaceName hostLink,
        Optional<InterfaceName> shaper,
        MacAddress shaperMac,
        Bandwidth bandwidth,
        OptionalInt mtu,
        String alias) {}
