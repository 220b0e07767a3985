package io.jnet.netlink.qdisc;

import static io.jnet.netlink.NetlinkFlags.NLM_F_CREATE;
import static io.jnet.netlink.NetlinkFlags.NLM_F_EXCL;
import static io.jnet.netlink.RouteMessage.RTM_DELTFILTER;
import static io.jnet.netlink.RouteMessage.RTM_GETTFILTER;
import static io.jnet.netlink.RouteMessage.RTM_NEWTFILTER;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_KIND;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_OPTIONS;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The filters of what links receive, before anything else sees it, in one network namespace: that of the socket, which stays the caller's
 * to close. They hang on the qdisc that {@link Qdiscs#addIngress} makes, and go with it.
 */
public final class Filters {
    private static final int ANY_HANDLE = 0;
    private static final int PRIORITY_SHIFT = 16;
    private static final int ANY = 0;

    private final NetlinkSocket socket;

    private Filters(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param socket a route socket
     */
    public static Filters over(NetlinkSocket socket) {
        return new Filters(socket);
    }

    /** The filters of what a link receives; none when there is no qdisc for them, or no link. */
    public List<Filter> ingress(int link) {
        return socket.dump(request(RTM_GETTFILTER, "list filters of", link, ANY)).stream()
                .map(Filter::decode)
                .toList();
    }

    /**
     * Has another link send whatever a link receives. An ifb link hands back what it sends, as if it had just been received: so a qdisc of
     * that link delays what this one receives.
     *
     * @param priority 1 to 65535; the lowest is asked first
     * @param target the index of the other link
     * @throws NetlinkException ENOENT when the kernel has no filter {@code u32} (CONFIG_NET_CLS_U32) or no action {@code mirred}
     *     (CONFIG_NET_ACT_MIRRED), EINVAL without a qdisc for filters
     */
    public void redirectIngress(int link, int priority, int target) {
        socket.request(request(RTM_NEWTFILTER, "add filter to", link, info(priority))
                .withFlags(NLM_F_CREATE | NLM_F_EXCL)
                .withAttributes(Attributes.of(TCA_KIND, RedirectionAttribute.U32)
                        .with(TCA_OPTIONS, RedirectionAttribute.toLink(target))));
    }

    /**
     * Deletes what {@link #redirectIngress} has made with a priority.
     *
     * @return whether there was such a filter
     */
    public boolean deleteIngress(int link, int priority) {
        try {
            socket.request(request(RTM_DELTFILTER, "delete filter of", link, info(priority)));
            return true;
        } catch (NetlinkException refused) {
            if (refused.errno().equals(Errno.ENOENT) || refused.errno().equals(Errno.EINVAL)) {
                return false;
            }
            throw refused;
        }
    }

    private static NetlinkRequest request(int type, String operation, int link, long info) {
        TrafficControlHeader header =
                TrafficControlHeader.of(link, ANY_HANDLE, TrafficControlHeader.INGRESS_FILTERS, info);
        return NetlinkRequest.of(type, header, operation, "link with index " + link);
    }

    private static long info(int priority) {
        return (long) priority << PRIORITY_SHIFT | everyProtocol();
    }

    /** ETH_P_ALL, in network byte order. */
    private static int everyProtocol() {
        return ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN) ? 0x0300 : 0x0003;
    }
}
