package io.jnet.daemon.doctor;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.Link;
import java.util.List;
import java.util.Optional;

/**
 * A network of jnet as this host shows it.
 *
 * @param name its name, or the beginning of its id
 * @param bridge its bridge's name
 * @param adopted whether the bridge is somebody else's
 * @param link its bridge, when that is there
 * @param internal whether nothing leaves or enters
 * @param inUse whether a container is connected
 * @param subnets what its bridge's addresses say; without link-local ones
 */
record NetworkSeen(
        String name,
        String bridge,
        boolean adopted,
        Optional<Link> link,
        boolean internal,
        boolean inUse,
        List<IpPrefix> subnets) {
    NetworkSeen {
        subnets = List.copyOf(subnets);
    }

    /** {@code network web (jbr-0123456789a)}. */
    String title() {
        return "network " + name + " (" + bridge + ")";
    }

    boolean has(AddressFamily family) {
        return subnets.stream().anyMatch(subnet -> subnet.family() == family);
    }
}
