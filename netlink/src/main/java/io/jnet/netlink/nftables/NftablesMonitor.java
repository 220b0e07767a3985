package io.jnet.netlink.nftables;

import io.jnet.netlink.EventsLostException;
import io.jnet.netlink.NetlinkGroup;
import io.jnet.netlink.NetlinkMonitor;
import io.jnet.netlink.NetlinkProtocol;
import java.util.List;
import java.util.Optional;

/**
 * Hears of every transaction on the ruleset of the network namespace in which it was opened. One thread calls {@link #receive()} in a
 * loop; any thread ends that with {@link #close()}.
 */
public final class NftablesMonitor implements AutoCloseable {
    private final NetlinkMonitor monitor;

    private NftablesMonitor(NetlinkMonitor monitor) {
        this.monitor = monitor;
    }

    /**
     * Listens from now on.
     *
     * @throws io.jnet.netlink.libc.KernelException when the kernel refuses
     */
    public static NftablesMonitor open() {
        return new NftablesMonitor(
                NetlinkMonitor.open(NetlinkProtocol.NETFILTER, List.of(NetlinkGroup.NFNLGRP_NFTABLES)));
    }

    /**
     * Blocks for the next changes.
     *
     * @return at least one; empty only when the monitor was closed
     * @throws EventsLostException when there were more than the buffer held; the next call goes on
     */
    public List<GenerationChange> receive() {
        while (true) {
            var messages = monitor.receive();
            List<GenerationChange> changes = messages.stream()
                    .map(GenerationChange::decode)
                    .flatMap(Optional::stream)
                    .toList();
            if (!changes.isEmpty() || messages.isEmpty()) {
                return changes;
            }
        }
    }

    /** Ends {@link #receive()}. */
    @Override
    public void close() {
        monitor.close();
    }
}
