package io.jnet.engine.link;

import io.jnet.engine.network.Vlans;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * A bridge to be made.
 *
 * @param name the bridge's name
 * @param mac its MAC address, given at creation so that it stays when ports come and go
 * @param mtu in bytes
 * @param addresses the bridge's own addresses with their prefix lengths
 * @param ipv6 whether the bridge takes part in IPv6
 * @param promiscuous whether it takes all frames, not only those for its own address
 * @param vlans the VLANs of its ports; empty: it does not look at VLANs
 * @param alias what marks the bridge as this network's
 */
public record BridgePlan(
        InterfaceName name,
        MacAddress mac,
        int mtu,
        List<IpPrefix> addresses,
        boolean ipv6,
        boolean promiscuous,
        Optional<Vlans> vlans,
        String alias) {

    public BridgePlan {
        addresses = List.copyOf(addresses);
    }

    /** By what the bridge is known again. */
    public LinkIdentity identity() {
        return new LinkIdentity(name, mac, alias);
    }

    /** Whether the bridge has an address of the family. */
    public boolean has(AddressFamily family) {
        return addresses.stream().anyMatch(address -> address.family() == family);
    }
}
