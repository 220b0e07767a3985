package io.jnet.netlink.conntrack;

import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The flows of one network namespace: that of the socket, which stays the caller's to close. */
public final class Conntrack {
    private static final int NFNL_SUBSYS_CTNETLINK = 1;
    private static final int IPCTNL_MSG_CT_GET = NFNL_SUBSYS_CTNETLINK << Byte.SIZE | 1;
    private static final int IPCTNL_MSG_CT_DELETE = NFNL_SUBSYS_CTNETLINK << Byte.SIZE | 2;

    /** Deletions in one datagram: few system calls, and little memory whatever the table holds. */
    private static final int BATCH = 1000;

    private final NetlinkSocket socket;

    private Conntrack(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param socket of {@link io.jnet.netlink.NetlinkProtocol#NETFILTER}
     */
    public static Conntrack over(NetlinkSocket socket) {
        return new Conntrack(socket);
    }

    /**
     * The flows that a filter and a predicate take, in one walk through the table. The kernel filters where it can; flows that are not
     * taken cost no memory. While it is read the table goes on changing: a flow may be missed only if it came or went meanwhile.
     *
     * @throws NetlinkException when the kernel refuses
     */
    public List<Flow> list(FlowFilter filter, Predicate<Flow> wanted) {
        NetlinkRequest request = NetlinkRequest.of(
                        IPCTNL_MSG_CT_GET,
                        NetfilterHeader.of(filter.family().number()),
                        "list",
                        "flows of protocol " + filter.protocol())
                .withAttributes(filter.attributes());
        return socket.dump(request, message -> {
            Flow flow = Flow.decode(message);
            return filter.accepts(flow.original()) && wanted.test(flow) ? Optional.of(flow) : Optional.empty();
        });
    }

    /**
     * Deletes flows: their next packet begins a new one. Those that ended meanwhile are passed over.
     *
     * @throws NetlinkException the first other refusal; the rest has been tried
     */
    public void delete(List<Flow> flows) {
        Optional<NetlinkException> refused = Optional.empty();
        for (int from = 0; from < flows.size(); from += BATCH) {
            List<Flow> part = flows.subList(from, Math.min(from + BATCH, flows.size()));
            try {
                socket.exchange(part.stream().map(Conntrack::deletion).toList());
            } catch (NetlinkException failure) {
                refused = refused.or(() -> firstOther(failure));
            }
        }
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    private static NetlinkRequest deletion(Flow flow) {
        return NetlinkRequest.of(
                        IPCTNL_MSG_CT_DELETE,
                        flow.header(),
                        "delete flow",
                        flow.original().toString())
                .withAttributes(flow.identity());
    }

    private static Optional<NetlinkException> firstOther(NetlinkException failure) {
        return Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
                .filter(NetlinkException.class::isInstance)
                .map(NetlinkException.class::cast)
                .filter(each -> !each.errno().equals(Errno.ENOENT))
                .findFirst();
    }
}
