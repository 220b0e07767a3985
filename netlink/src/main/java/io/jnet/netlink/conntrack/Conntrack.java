package io.jnet.netlink.conntrack;

import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The flows of the network namespace that the thread which opened this was in. */
public final class Conntrack implements AutoCloseable {
    private static final int NFNL_SUBSYS_CTNETLINK = 1;
    private static final int IPCTNL_MSG_CT_GET = NFNL_SUBSYS_CTNETLINK << Byte.SIZE | 1;
    private static final int IPCTNL_MSG_CT_DELETE = NFNL_SUBSYS_CTNETLINK << Byte.SIZE | 2;

    private final NetlinkSocket reading;
    /** Another one: a socket takes no request while it lists. */
    private final NetlinkSocket deleting;

    private Conntrack(NetlinkSocket reading, NetlinkSocket deleting) {
        this.reading = reading;
        this.deleting = deleting;
    }

    /**
     * Opens two sockets.
     *
     * @throws io.jnet.netlink.libc.KernelException when the kernel refuses
     */
    public static Conntrack open() {
        NetlinkSocket reading = NetlinkSocket.open(NetlinkProtocol.NETFILTER);
        try {
            return new Conntrack(reading, NetlinkSocket.open(NetlinkProtocol.NETFILTER));
        } catch (RuntimeException failure) {
            reading.close();
            throw failure;
        }
    }

    /**
     * The flows that a filter and a predicate take, in one walk through the table. The kernel filters where it can; flows that are not
     * taken cost no memory. While it is read the table goes on changing: a flow may be missed only if it came or went meanwhile.
     *
     * @throws NetlinkException when the kernel refuses
     */
    public List<Flow> list(FlowFilter filter, Predicate<Flow> wanted) {
        return reading.dump(listing(filter), message -> {
            Flow flow = Flow.decode(message);
            return filter.accepts(flow.original()) && wanted.test(flow) ? Optional.of(flow) : Optional.empty();
        });
    }

    /**
     * Deletes the flows that a filter and a predicate take, in one walk through the table and in bounded memory, however many they are:
     * the next packet of each begins a new one. Those that end meanwhile are passed over.
     *
     * @return how many there were
     * @throws NetlinkException when the kernel refuses; one refused deletion does not keep the others from being tried
     */
    public int delete(FlowFilter filter, Predicate<Flow> unwanted) {
        Deletion deletion = new Deletion();
        list(filter, flow -> {
            if (unwanted.test(flow)) {
                deletion.add(flow);
            }
            return false;
        });
        return deletion.finish();
    }

    @Override
    public void close() {
        reading.close();
        deleting.close();
    }

    private static NetlinkRequest listing(FlowFilter filter) {
        return NetlinkRequest.of(
                        IPCTNL_MSG_CT_GET,
                        NetfilterHeader.of(filter.family().number()),
                        "list",
                        "flows of protocol " + filter.protocol())
                .withAttributes(filter.attributes());
    }

    /** Deletions, many in one datagram. Keeps its first failure: the list must be read to its end whatever comes. */
    private final class Deletion {
        private static final int BATCH = 500;

        private final List<NetlinkRequest> requests = new ArrayList<>();
        private Optional<NetlinkException> refused = Optional.empty();
        private int count;

        void add(Flow flow) {
            requests.add(NetlinkRequest.of(
                            IPCTNL_MSG_CT_DELETE,
                            flow.header(),
                            "delete flow",
                            flow.original().toString())
                    .withAttributes(flow.identity()));
            count++;
            if (requests.size() == BATCH) {
                send();
            }
        }

        int finish() {
            send();
            if (refused.isPresent()) {
                throw refused.get();
            }
            return count;
        }

        private void send() {
            try {
                deleting.exchange(List.copyOf(requests));
            } catch (NetlinkException failure) {
                refused = refused.or(() -> firstOther(failure));
            }
            requests.clear();
        }

        /** Not those that ended since the kernel told of them. */
        private static Optional<NetlinkException> firstOther(NetlinkException failure) {
            return Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
                    .filter(NetlinkException.class::isInstance)
                    .map(NetlinkException.class::cast)
                    .filter(each -> !each.errno().equals(Errno.ENOENT))
                    .findFirst();
        }
    }
}
