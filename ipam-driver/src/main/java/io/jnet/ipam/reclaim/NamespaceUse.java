package io.jnet.ipam.reclaim;

import io.jnet.netlink.address.IpAddress;
import java.util.Set;

/**
 * What one network namespace has.
 *
 * @param addresses of its links, loopback included
 * @param connected whether it has a link besides loopback
 */
public record NamespaceUse(Set<IpAddress> addresses, boolean connected) {
    public NamespaceUse {
        addresses = Set.copyOf(addresses);
    }
}
