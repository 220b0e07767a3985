package io.jnet.engine.link;

import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which bridges are the host's own way to the outside, and which connect guests of another engine: containers may leave by the former and
 * are kept from the latter.
 *
 * <p>An uplink is a bridge with a default route through it, or with a port that is no end of a guest: a network card, a bond, a VLAN.
 */
public final class UplinkBridges {
    private static final Set<String> GUEST_KINDS = Set.of("veth", "tun");

    private UplinkBridges() {}

    /** Whether a link is of the kinds that lead into containers and virtual machines. */
    public static boolean isGuest(Link link) {
        return link.kind().map(LinkKind::name).filter(GUEST_KINDS::contains).isPresent();
    }

    /**
     * @param links all links of the host
     * @param defaultRouteLinks the indexes of the links that default routes leave by
     */
    static Set<InterfaceName> among(List<Link> links, Set<Integer> defaultRouteLinks) {
        Set<Integer> uplinks = new HashSet<>(defaultRouteLinks);
        for (Link link : links) {
            if (link.master().isPresent() && !isGuest(link)) {
                uplinks.add(link.master().getAsInt());
            }
        }
        return links.stream()
                .filter(link -> link.kind().orElse(null) instanceof LinkKind.Bridge && uplinks.contains(link.index()))
                .map(Link::name)
                .filter(InterfaceName::isValid)
                .map(InterfaceName::new)
                .collect(Collectors.toSet());
    }
}
