package io.jnet.engine.link;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.Set;

/**
 * A bridge of the host, whoever made it.
 *
 * @param name its name
 * @param addresses the host's addresses on it, link-local ones left out
 * @param use what it leads to
 */
public record HostBridge(InterfaceName name, Set<IpAddress> addresses, Use use) {

    /** What a bridge leads to. */
    public enum Use {
        /** The outside: a default route goes through it, or it has a port that is no end of a guest. */
        UPLINK,
        /** Containers or virtual machines, or nothing yet. */
        GUESTS
    }

    public HostBridge {
        addresses = Set.copyOf(addresses);
    }
}
