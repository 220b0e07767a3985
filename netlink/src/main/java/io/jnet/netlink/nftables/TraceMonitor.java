package io.jnet.netlink.nftables;

import io.jnet.netlink.EventsLostException;
import io.jnet.netlink.NetlinkGroup;
import io.jnet.netlink.NetlinkMonitor;
import io.jnet.netlink.NetlinkProtocol;
import java.util.List;
import java.util.Optional;

/**
 * Hears what rules decide about packets that somebody has traced, in the network namespace in which it was opened. One thread calls {@link
 * #receive()} in a loop; any thread ends that with {@link #close()}.
 */
public final class TraceMonitor implements AutoCloseable {
    private final NetlinkMonitor monitor;

    private TraceMonitor(NetlinkMonitor monitor) {
        this.monitor = monitor;
    }

    /**
     * Listens from now on.
     *
     * @throws io.jnet.netlink.libc.KernelException when the kernel refuses
     */
    public static TraceMonitor open() {
        return new TraceMonitor(NetlinkMonitor.open(NetlinkProtocol.NETFILTER, List.of(NetlinkGroup.NFNLGRP_NFTRACE)));
    }

    /**
     * Blocks for the next events.
     *
     * @return at least one; empty only when the monitor was closed
     * @throws EventsLostException when there were more than the buffer held; the next call goes on
     */
    public List<TraceEvent> receive() {
        while (true) {
            var messages = monitor.receive();
            List<TraceEvent> events = messages.stream()
                    .map(TraceEvent::decode)
                    .flatMap(Optional::stream)
                    .toList();
            if (!events.isEmpty() || messages.isEmpty()) {
                return events;
            }
        }
    }

    /** Ends {@link #receive()}. */
    @Override
    public void close() {
        monitor.close();
    }
}
