package io.jnet.engine.traffic;

import io.jnet.engine.firewall.Publication;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import java.util.Map;
import java.util.Optional;

/**
 * The counters of the host's kernel. No method waits for an operation of the engine, or has one wait.
 *
 * <p>All methods throw {@link io.jnet.engine.failure.EngineException} with {@code KERNEL} when the kernel refuses.
 */
public interface HostCounters {
    /** What went between the host and each of its bridges, since the bridge was made. Costs what there is of bridges. */
    Map<InterfaceName, LinkStatistics> bridges();

    /** How many connections the rules have led to each published port, since it was published. Costs what there is of published ports. */
    Map<Publication, Long> connections();

    /**
     * The bytes, in both directions, of the connections that are open now, by what published port they came; without those that have none.
     * Costs what there is of connections on the host: for a person's question, not for one that comes each minute. Empty where the kernel
     * does not count them.
     */
    Optional<Map<Publication, Long>> openBytes(Iterable<Publication> published);
}
