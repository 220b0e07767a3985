package io.jnet.engine.firewall;

import io.jnet.netlink.link.InterfaceName;
import java.util.Set;

/**
 * Keeps what forwards because of jnet alone from forwarding anything but jnet's packets, in one address family.
 *
 * <p>A packet that comes in by an opened interface, and is neither from nor for a network, is dropped when it would leave by an interface
 * that is no bridge, or by a closed bridge. Bridges that are not listed are left to others: they may be those of an engine that has
 * switched forwarding on itself, which nobody notices while no daemon runs.
 *
 * @param opened interfaces whose packets the host would not forward without jnet
 * @param closedBridges bridges that packets from those do not leave by
 */
public record ForwardGuard(Set<InterfaceName> opened, Set<InterfaceName> closedBridges) {
    /** For a host that forwards by its owner's will, or not at all. */
    public static final ForwardGuard NONE = new ForwardGuard(Set.of(), Set.of());

    public ForwardGuard {
        opened = Set.copyOf(opened);
        closedBridges = Set.copyOf(closedBridges);
    }
}
