package io.jnet.engine.link;

import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.MacAddress;
import java.util.Optional;

/**
 * By what the engine knows a link again that it made.
 *
 * @param mac its MAC address, which follows from the identity of the state
 * @param alias what marks it as a network's or an endpoint's
 */
public record LinkIdentity(InterfaceName name, MacAddress mac, String alias) {
    /**
     * Whether a link of the name is the one. The kernel gives a link its alias by a request of its own: one that never was in use and has
     * none, but the MAC address, is what a process made that died before it.
     */
    boolean isOf(Link link) {
        return LinkMark.isSameOwner(link.alias(), alias) || isOfUnfinished(link);
    }

    private boolean isOfUnfinished(Link link) {
        return link.alias().isEmpty()
                && link.mac().equals(Optional.of(mac))
                && !link.isUp()
                && link.carrierUpCount() == 0;
    }
}
