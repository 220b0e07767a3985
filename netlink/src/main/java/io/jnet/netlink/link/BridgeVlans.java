package io.jnet.netlink.link;

import static io.jnet.netlink.RouteMessage.RTM_DELLINK;
import static io.jnet.netlink.RouteMessage.RTM_GETLINK;
import static io.jnet.netlink.RouteMessage.RTM_SETLINK;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The VLANs of bridges' ports in one network namespace: that of the socket, which stays the caller's to close. A bridge looks at them when
 * it filters VLANs ({@link LinkKind.Bridge#filtersVlans()}).
 */
public final class BridgeVlans {
    private static final int AF_BRIDGE = 7;
    /** RTEXT_FILTER_BRVLAN_COMPRESSED: consecutive VLANs that are treated alike are told of as two. */
    private static final long RANGES = 1 << 2;

    private final NetlinkSocket socket;

    private BridgeVlans(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param socket a route socket
     */
    public static BridgeVlans over(NetlinkSocket socket) {
        return new BridgeVlans(socket);
    }

    /**
     * Puts a port into VLANs, in their order: of one that comes twice the last word counts. A port that is in one already treats its frames
     * as asked from now on; the VLAN of frames without a tag before stays one that it is in.
     *
     * @throws NetlinkException EOPNOTSUPP when the kernel knows no VLANs of bridges; those before a refused one have been added
     */
    public void add(int link, BridgeSide side, Collection<BridgeVlan> vlans) {
        socket.request(request(RTM_SETLINK, "add VLANs to", link, side, vlans));
    }

    /** Takes a port out of VLANs; those that it is not in are passed over. */
    public void remove(int link, BridgeSide side, Collection<BridgeVlan> vlans) {
        socket.request(request(RTM_DELLINK, "remove VLANs of", link, side, vlans));
    }

    /** The VLANs of all ports and bridges, by the link's index; those that are in none are left out. */
    public Map<Integer, List<BridgeVlan>> list() {
        NetlinkRequest request = NetlinkRequest.of(RTM_GETLINK, header(0), "list", "VLANs of bridges")
                .withAttributes(Attributes.of(LinkAttribute.IFLA_EXT_MASK, RANGES));
        return socket.dump(request).stream()
                .map(Link::decode)
                .filter(link -> !vlans(link).isEmpty())
                .collect(Collectors.toMap(Link::index, BridgeVlans::vlans, (first, again) -> first));
    }

    /** The VLANs that a message of the family AF_BRIDGE tells of. */
    static List<BridgeVlan> vlans(Link link) {
        return link.attributes().get(BridgeVlanAttribute.VLANS).orElse(List.of());
    }

    static NetlinkRequest request(int type, String operation, int link, BridgeSide side, Collection<BridgeVlan> vlans) {
        return NetlinkRequest.of(type, header(link), operation, "link with index " + link)
                .withAttributes(Attributes.of(LinkAttribute.IFLA_AF_SPEC, BridgeVlanAttribute.encode(side, vlans)));
    }

    private static LinkHeader header(int link) {
        return new LinkHeader(AF_BRIDGE, 0, link, 0, 0);
    }
}
