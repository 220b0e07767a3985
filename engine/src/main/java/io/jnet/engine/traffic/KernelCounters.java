package io.jnet.engine.traffic;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.firewall.PublishedCounters;
import io.jnet.engine.host.HostSettings;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.conntrack.Conntrack;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkStatistics;
import io.jnet.netlink.link.Links;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The counters of the kernel, read by sockets of their own. Thread-safe. */
public final class KernelCounters implements HostCounters, AutoCloseable {
    private static final String ACCOUNTING = "net/netfilter/nf_conntrack_acct";

    private final NetlinkSocket socket;
    private final PublishedCounters published;
    private final HostSettings settings;

    private KernelCounters(NetlinkSocket socket, PublishedCounters published, HostSettings settings) {
        this.socket = socket;
        this.published = published;
        this.settings = settings;
    }

    /**
     * Opens the counters of the calling thread's network namespace.
     *
     * @param settings of the same namespace
     * @throws KernelException when the kernel refuses
     */
    public static KernelCounters open(HostSettings settings) {
        NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
        try {
            return new KernelCounters(socket, PublishedCounters.open(), settings);
        } catch (RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    @Override
    public Map<InterfaceName, LinkStatistics> bridges() {
        return read(() -> {
            Map<InterfaceName, LinkStatistics> bridges = new HashMap<>();
            for (Link bridge : Links.over(socket).bridges()) {
                if (InterfaceName.isValid(bridge.name())) {
                    bridge.statistics()
                            .ifPresent(statistics -> bridges.put(new InterfaceName(bridge.name()), statistics));
                }
            }
            return bridges;
        });
    }

    @Override
    public Map<Publication, Long> connections() {
        return read(published::read);
    }

    @Override
    public Optional<Map<Publication, Long>> openBytes(Iterable<Publication> ports) {
        if (!settings.read(ACCOUNTING).equals(Optional.of("1"))) {
            return Optional.empty();
        }
        // Opened for this question alone: a walk through a large table would have operations wait for the other one.
        return Optional.of(read(() -> {
            try (Conntrack conntrack = Conntrack.open()) {
                OpenFlowBytes bytes = new OpenFlowBytes(ports);
                bytes.filters().forEach(filter -> conntrack.list(filter, bytes));
                return bytes.counted();
            }
        }));
    }

    @Override
    public void close() {
        socket.close();
        published.close();
    }

    private static <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (KernelException refusal) {
            throw new EngineException(ErrorCode.KERNEL, "cannot read counters: " + refusal.getMessage(), refusal);
        }
    }
}
