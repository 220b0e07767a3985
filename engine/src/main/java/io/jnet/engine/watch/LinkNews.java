package io.jnet.engine.watch;

import io.jnet.engine.link.HostBridges;
import io.jnet.netlink.link.BridgePortFlag;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.MacAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the kernel says of links, without what it only says again: it tells of a bridge whenever a port comes or goes, and of a port of a
 * bridge several times while it begins. Nor is it news that a link has a carrier or has none. For one thread.
 */
final class LinkNews {
    private final Map<Integer, Seen> links = new HashMap<>();
    private final Map<Integer, Port> ports = new HashMap<>();

    private record Seen(
            long flags, String name, Optional<MacAddress> mac, long mtu, OptionalInt master, Optional<String> alias) {
        static Seen of(Link link) {
            return new Seen(link.settledFlags(), link.name(), link.mac(), link.mtu(), link.master(), link.alias());
        }
    }

    private record Port(boolean inUse, OptionalInt master, Set<BridgePortFlag> flags) {}

    /** Whether an RTM_NEWLINK message says something that jnet may have to follow. */
    boolean isNew(Link link) {
        if (link.isToldByBridge()) {
            Port now = new Port(link.hasCarrier(), link.master(), link.bridgePortFlags());
            Port before = ports.put(link.index(), now);
            // Until it is in use its owner sets it up.
            return before == null
                    ? now.inUse()
                    : before.inUse()
                            && !(before.master().equals(now.master())
                                    && before.flags().equals(now.flags()));
        }
        // A guest's link that comes, or is used, is jnet's own work or nobody's concern.
        if (HostBridges.isGuest(link)) {
            return false;
        }
        Seen now = Seen.of(link);
        return !now.equals(links.put(link.index(), now));
    }

    /** After RTM_DELLINK. */
    void end(Link link) {
        ports.remove(link.index());
        if (!link.isToldByBridge()) {
            links.remove(link.index());
        }
    }

    /** When some news was lost. */
    void forget() {
        links.clear();
        ports.clear();
    }
}
