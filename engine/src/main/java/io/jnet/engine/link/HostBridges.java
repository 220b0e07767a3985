package io.jnet.engine.link;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells the host's own way to the outside from bridges that connect guests of another engine. */
public final class HostBridges {
    private static final Set<String> GUEST_KINDS = Set.of("veth", "tun", "ifb");

    private HostBridges() {}

    /** Whether a link is of the kinds that lead into containers and virtual machines, or delay what comes from there. */
    public static boolean isGuest(Link link) {
        return link.kind().map(LinkKind::name).filter(GUEST_KINDS::contains).isPresent();
    }

    /** The link, where it is a bridge or says what one is for: not one of the many that lead into containers. */
    static Optional<Link> concerned(Link link) {
        boolean bridge = link.kind().orElse(null) instanceof LinkKind.Bridge;
        return bridge || (link.master().isPresent() && !isGuest(link)) ? Optional.of(link) : Optional.empty();
    }

    /**
     * @param links all links of the host that are {@link #concerned}
     * @param addresses all addresses of the host
     * @param defaultRouteLinks the indexes of the links that default routes leave by
     */
    static List<HostBridge> among(List<Link> links, List<LinkAddress> addresses, Set<Integer> defaultRouteLinks) {
        Set<Integer> uplinks = new HashSet<>(defaultRouteLinks);
        for (Link link : links) {
            if (link.master().isPresent() && !isGuest(link)) {
                uplinks.add(link.master().getAsInt());
            }
        }
        return links.stream()
                .filter(link ->
                        link.kind().orElse(null) instanceof LinkKind.Bridge && InterfaceName.isValid(link.name()))
                .map(link -> new HostBridge(
                        new InterfaceName(link.name()),
                        addressesOf(link, addresses),
                        uplinks.contains(link.index()) ? HostBridge.Use.UPLINK : HostBridge.Use.GUESTS))
                .toList();
    }

    private static Set<IpAddress> addressesOf(Link link, List<LinkAddress> addresses) {
        return addresses.stream()
                .filter(address -> address.link() == link.index())
                .map(address -> address.prefix().address())
                .filter(address -> !address.isLinkLocal())
                .collect(Collectors.toUnmodifiableSet());
    }
}
