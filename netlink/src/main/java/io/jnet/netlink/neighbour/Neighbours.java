package io.jnet.netlink.neighbour;

import static io.jnet.netlink.RouteMessage.RTM_DELNEIGH;
import static io.jnet.netlink.RouteMessage.RTM_GETNEIGH;
import static io.jnet.netlink.RouteMessage.RTM_NEWNEIGH;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkFlags;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.link.MacAddress;
import java.util.Collection;
import java.util.List;

/** The neighbours of one network namespace: that of the socket, which stays the caller's to close. */
public final class Neighbours {
    private final NetlinkSocket socket;

    private Neighbours(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param socket a route socket
     */
    public static Neighbours over(NetlinkSocket socket) {
        return new Neighbours(socket);
    }

    /** The IPv4 and IPv6 neighbours on all links; without those of multicast and of links that need none (NUD_NOARP). */
    public List<Neighbour> list() {
        NeighbourHeader all = new NeighbourHeader(0, 0, 0, 0, 0);
        return socket.dump(NetlinkRequest.of(RTM_GETNEIGH, all, "list", "neighbours")).stream()
                .map(Neighbour::decode)
                .toList();
    }

    /**
     * Tells the kernel a neighbour's Ethernet address, as one learned elsewhere (NTF_EXT_LEARNED): it is not counted towards the limits
     * of the neighbour table, which all namespaces share (net/core/neighbour.c, neigh_alloc), and not dropped for lack of use. For the
     * rest it is like any other: confirmed when it is used, changed by what the neighbour says, lost when the link loses its carrier.
     *
     * @throws NetlinkException ENODEV when there is no such link
     */
    public void learn(int link, MacAddress mac, Collection<IpAddress> addresses) {
        replace(link, mac, addresses, Neighbour.NUD_STALE, "learn neighbour");
    }

    /**
     * Like {@link #learn}, and the kernel asks each at once whether that is so (NUD_PROBE). An IPv4 neighbour learns this host's address by
     * the question, in the middle of waiting for an answer to one of its own: those it repeats after a second only.
     *
     * @throws NetlinkException ENODEV when there is no such link, ENETDOWN when it is down
     */
    public void ask(int link, MacAddress mac, Collection<IpAddress> addresses) {
        replace(link, mac, addresses, Neighbour.NUD_PROBE, "ask neighbour");
    }

    private void replace(int link, MacAddress mac, Collection<IpAddress> addresses, int state, String operation) {
        socket.exchange(addresses.stream()
                .map(address -> NetlinkRequest.of(
                                RTM_NEWNEIGH,
                                new NeighbourHeader(
                                        address.family().number(), link, state, Neighbour.NTF_EXT_LEARNED, 0),
                                operation,
                                object(link, address))
                        .withFlags(NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_REPLACE)
                        .withAttributes(
                                Attributes.of(Neighbour.NDA_DST, address).with(Neighbour.NDA_LLADDR, mac.bytes())))
                .toList());
    }

    /**
     * Forgets a neighbour: the next packet to it asks anew.
     *
     * @return whether there was one; false too when there is no such link
     */
    public boolean delete(int link, IpAddress address) {
        NeighbourHeader header = new NeighbourHeader(address.family().number(), link, 0, 0, 0);
        try {
            socket.request(NetlinkRequest.of(RTM_DELNEIGH, header, "delete neighbour", object(link, address))
                    .withAttributes(Attributes.of(Neighbour.NDA_DST, address)));
            return true;
        } catch (NetlinkException failure) {
            if (failure.errno().equals(Errno.ENOENT) || failure.errno().equals(Errno.ENODEV)) {
                return false;
            }
            throw failure;
        }
    }

    private static String object(int link, IpAddress address) {
        return address + " of link with index " + link;
    }
}
