package io.jnet.engine.link;

import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.OptionalInt;

/**
 * A veth pair to be made.
 *
 * @param hostLink the name of the end on the bridge
 * @param peerLink the name of the container's end while it is in the host's namespace
 * @param peerMac the container's MAC address
 * @param bridge the bridge that the host's end is a port of
 * @param mtu of both ends, in bytes; empty: the kernel's default
 * @param isolated whether the port reaches only the bridge itself, no other isolated port ({@code IFLA_BRPORT_ISOLATED})
 * @param alias what marks the host's end as this endpoint's
 */
public record VethPlan(
        InterfaceName hostLink,
        InterfaceName peerLink,
        MacAddress peerMac,
        InterfaceName bridge,
        OptionalInt mtu,
        boolean isolated,
        String alias) {}
