package io.jnet.engine.link;

import io.jnet.engine.network.Vlans;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.BridgePortFlag;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A veth pair to be made.
 *
 * @param hostLink the name of the end on the bridge
 * @param peerLink the name of the container's end while it is in the host's namespace
 * @param hostMac the MAC address of the host's end
 * @param peerMac the container's MAC address
 * @param addresses the container's addresses, which the host knows by that MAC address from the beginning
 * @param bridge the bridge that the host's end is a port of
 * @param mtu of both ends, in bytes
 * @param isolated whether the port reaches only the bridge itself, no other isolated port ({@code IFLA_BRPORT_ISOLATED})
 * @param vlans the VLANs that the host's end is in; empty: whatever the bridge gives its ports
 * @param onAdopted whether the bridge is one that the engine did not make, which must be there already
 * @param alias what marks the host's end as this endpoint's
 * @param container where the peer goes and what it becomes there; empty: it stays, for the runtime to move
 */
public record VethPlan(
        InterfaceName hostLink,
        InterfaceName peerLink,
        MacAddress hostMac,
        MacAddress peerMac,
        List<IpAddress> addresses,
        InterfaceName bridge,
        int mtu,
        boolean isolated,
        Optional<Vlans> vlans,
        boolean onAdopted,
        String alias,
        Optional<ContainerSide> container) {

    /** By what the host's end is known again. */
    public LinkIdentity identity() {
        return new LinkIdentity(hostLink, hostMac, alias);
    }

    /** The flags of the bridge's port. A container reaches itself through its own published port only in hairpin mode. */
    Set<BridgePortFlag> portFlags() {
        Set<BridgePortFlag> flags = EnumSet.of(BridgePortFlag.HAIRPIN);
        if (isolated) {
            flags.add(BridgePortFlag.ISOLATED);
        }
        return flags;
    }

    /** The same, with the peer in a container. */
    public VethPlan into(ContainerSide side) {
        return new VethPlan(
                hostLink,
                peerLink,
                hostMac,
                peerMac,
                addresses,
                bridge,
                mtu,
                isolated,
                vlans,
                onAdopted,
                alias,
                Optional.of(side));
    }
}
