package io.jnet.netlink.qdisc;

import static io.jnet.netlink.NetlinkFlags.NLM_F_CREATE;
import static io.jnet.netlink.NetlinkFlags.NLM_F_ECHO;
import static io.jnet.netlink.NetlinkFlags.NLM_F_EXCL;
import static io.jnet.netlink.NetlinkFlags.NLM_F_REPLACE;
import static io.jnet.netlink.RouteMessage.RTM_DELQDISC;
import static io.jnet.netlink.RouteMessage.RTM_GETQDISC;
import static io.jnet.netlink.RouteMessage.RTM_NEWQDISC;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_KIND;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_OPTIONS;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.util.Optional;

/**
 * The qdiscs of the links of one network namespace: that of the socket, which stays the caller's to close. A link's qdiscs go with it.
 */
public final class Qdiscs {
    private static final int ANY_HANDLE = 0;
    private static final int NO_INFO = 0;
    private static final String INGRESS_KIND = "ingress";

    private final NetlinkSocket socket;
    private final SchedulerClock clock = SchedulerClock.ofKernel();

    private Qdiscs(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param socket a route socket
     */
    public static Qdiscs over(NetlinkSocket socket) {
        return new Qdiscs(socket);
    }

    /**
     * The qdisc that delays what a link sends; empty when the kernel tells none.
     *
     * @throws NetlinkException ENODEV when there is no such link
     */
    public Optional<Qdisc> root(int link) {
        try {
            // Without the flag kernels before 6.7 show the answer to listeners only (net/sched/sch_api.c,
            // qdisc_notify).
            return socket
                    .request(request(RTM_GETQDISC, "find qdisc", link, TrafficControlHeader.ROOT)
                            .withFlags(NLM_F_ECHO))
                    .stream()
                    .filter(message -> message.type() == RTM_NEWQDISC)
                    .map(Qdisc::decode)
                    .findFirst();
        } catch (NetlinkException refused) {
            if (isAbsent(refused)) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /**
     * Has a token bucket filter delay what a link sends, in place of what did so before. One that is there already is changed, and keeps
     * what waits in it.
     *
     * @throws NetlinkException ENOENT when the kernel has no such filter (CONFIG_NET_SCH_TBF)
     */
    public void replaceRoot(int link, TokenBucket bucket) {
        socket.request(request(RTM_NEWQDISC, "set token bucket of", link, TrafficControlHeader.ROOT)
                .withFlags(NLM_F_CREATE | NLM_F_REPLACE)
                .withAttributes(Attributes.of(TCA_KIND, TokenBucketAttribute.KIND)
                        .with(TCA_OPTIONS, TokenBucketAttribute.encode(bucket, clock))));
    }

    /**
     * Gives a link its usual qdisc back.
     *
     * @return whether it had another one
     */
    public boolean deleteRoot(int link) {
        return delete(request(RTM_DELQDISC, "delete qdisc of", link, TrafficControlHeader.ROOT));
    }

    /**
     * Makes the qdisc that {@link Filters} of what a link receives hang on.
     *
     * @return whether it was made: there may be one already, of the kind {@code clsact} as well
     * @throws NetlinkException ENOENT when the kernel has no such qdisc (CONFIG_NET_SCH_INGRESS)
     */
    public boolean addIngress(int link) {
        TrafficControlHeader header = TrafficControlHeader.of(
                link, TrafficControlHeader.INGRESS_HANDLE, TrafficControlHeader.INGRESS, NO_INFO);
        try {
            socket.request(NetlinkRequest.of(RTM_NEWQDISC, header, "add ingress qdisc to", named(link))
                    .withFlags(NLM_F_CREATE | NLM_F_EXCL)
                    .withAttributes(Attributes.of(TCA_KIND, INGRESS_KIND)));
            return true;
        } catch (NetlinkException refused) {
            if (refused.errno().equals(Errno.EEXIST)) {
                return false;
            }
            throw refused;
        }
    }

    /**
     * Removes that qdisc with its filters.
     *
     * @return whether there was one
     */
    public boolean deleteIngress(int link) {
        return delete(request(RTM_DELQDISC, "delete ingress qdisc of", link, TrafficControlHeader.INGRESS));
    }

    private boolean delete(NetlinkRequest request) {
        try {
            socket.request(request);
            return true;
        } catch (NetlinkException refused) {
            if (isAbsent(refused)) {
                return false;
            }
            throw refused;
        }
    }

    /** ENOENT; EINVAL for the qdisc of the kernel's own that a link has from the beginning (sch_api.c, tc_qdisc_dump_ignore). */
    private static boolean isAbsent(NetlinkException refused) {
        return refused.errno().equals(Errno.ENOENT) || refused.errno().equals(Errno.EINVAL);
    }

    private static NetlinkRequest request(int type, String operation, int link, long parent) {
        return NetlinkRequest.of(
                type, TrafficControlHeader.of(link, ANY_HANDLE, parent, NO_INFO), operation, named(link));
    }

    private static String named(int link) {
        return "link with index " + link;
    }
}
