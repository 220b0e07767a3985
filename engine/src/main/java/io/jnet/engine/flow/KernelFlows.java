package io.jnet.engine.flow;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.conntrack.Conntrack;
import io.jnet.netlink.conntrack.FlowFilter;
import io.jnet.netlink.route.Routes;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The flows of the kernel. Thread-safe. */
public final class KernelFlows implements Flows, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelFlows.class);

    /** Those whose clients do not begin anew by themselves. */
    private static final List<Protocol> STAYING = List.of(Protocol.UDP, Protocol.SCTP);

    private final Conntrack conntrack;
    private final Routes routes;

    private KernelFlows(Conntrack conntrack, Routes routes) {
        this.conntrack = conntrack;
        this.routes = routes;
    }

    /**
     * Opens the flows of the calling thread's network namespace.
     *
     * @param routes of the same namespace
     * @throws io.jnet.netlink.libc.KernelException when the kernel refuses
     */
    public static KernelFlows open(Routes routes) {
        return new KernelFlows(Conntrack.open(), routes);
    }

    @Override
    public void settle(List<Publication> published, List<Publication> withdrawn) {
        try {
            for (Protocol protocol : STAYING) {
                for (AddressFamily family : AddressFamily.values()) {
                    settle(protocol, family, of(protocol, family, published), of(protocol, family, withdrawn));
                }
            }
        } catch (NetlinkException refusal) {
            throw new EngineException(ErrorCode.KERNEL, "cannot end flows of before: " + refusal.getMessage(), refusal);
        }
    }

    @Override
    public void close() {
        conntrack.close();
    }

    private void settle(
            Protocol protocol, AddressFamily family, List<Publication> published, List<Publication> withdrawn) {
        if (published.isEmpty() && withdrawn.isEmpty()) {
            return;
        }
        boolean anyAddress = published.stream().anyMatch(Publication::isForAnyAddress);
        StaleFlows stale = new StaleFlows(published, withdrawn, anyAddress ? local(family) : address -> false);
        int ended = conntrack.delete(new FlowFilter(family, protocol.number(), stale.onlyPort()), stale);
        if (ended > 0) {
            LOG.atInfo()
                    .addKeyValue("protocol", protocol.text())
                    .addKeyValue("flows", ended)
                    .log("ended flows that began before their port was changed");
        }
    }

    /** As {@code fib daddr type local} of the rules: by the table of local routes. */
    private Predicate<IpAddress> local(AddressFamily family) {
        List<IpPrefix> prefixes = routes.localDestinations(family);
        return address -> prefixes.stream().anyMatch(prefix -> prefix.contains(address));
    }

    private static List<Publication> of(Protocol protocol, AddressFamily family, List<Publication> publications) {
        return publications.stream()
                .filter(publication -> publication.protocol() == protocol
                        && publication.hostAddress().family() == family)
                .toList();
    }
}
