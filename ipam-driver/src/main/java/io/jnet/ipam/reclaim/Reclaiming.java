package io.jnet.ipam.reclaim;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.store.StateStore;
import io.jnet.ipam.lease.Lease;
import io.jnet.ipam.lease.LeaseReport;
import io.jnet.ipam.lease.Purpose;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees what a runtime forgot: a runtime that was killed does not give its addresses back. Nobody is asked; what counts is who has the
 * address.
 *
 * <ul>
 *   <li>A lease of an earlier boot is nobody's: namespaces do not outlive the kernel.
 *   <li>A lease that was seen in use is abandoned when its namespace is gone, or is left without any link, for a moment. An address that
 *       merely vanished from a living namespace is not: some sandboxes take it over from the kernel.
 *   <li>A lease that was never seen in use is on its way into a container, and is left alone for as long as that may take; one that an
 *       earlier daemon gave is older than this one, and less time is enough.
 * </ul>
 *
 * Gateways and reserved addresses go with their pool. One thread calls {@link #sweep}.
 */
public final class Reclaiming {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaiming.class);

    /** Between leaving a namespace and being released by its runtime, or moving on to another one. */
    static final Duration MOMENT = Duration.ofSeconds(2);

    /** From the answer to dockerd until the container has the address, on a slow host. */
    static final Duration ON_ITS_WAY = Duration.ofSeconds(60);

    /** The same for what was on its way when an earlier daemon ended. */
    static final Duration ON_ITS_WAY_AT_START = Duration.ofSeconds(6);

    private static final Duration MEANWHILE = Duration.ofSeconds(5);

    /** For what comes and goes without an event in this namespace. */
    private static final Duration UNHURRIED = Duration.ofSeconds(60);

    private static final String ENDPOINT = "endpoint";

    private final StateStore store;
    private final Leases leases;
    private final AddressUse host;
    private final Clock clock;
    private final String boot;
    private final Instant start;
    private Map<LeaseReport, Instant> missing = new HashMap<>();

    public Reclaiming(StateStore store, Leases leases, AddressUse host, Clock clock, String boot) {
        this.store = store;
        this.leases = leases;
        this.host = host;
        this.clock = clock;
        this.boot = boot;
        this.start = clock.instant();
    }

    /**
     * Looks at all leases once.
     *
     * @return how soon to look again for what could not be decided yet; empty when there is nothing to wait for
     */
    public Optional<Duration> sweep() {
        List<LeaseReport> watched = leases.leases().stream()
                .filter(report -> report.lease().purpose() != Purpose.GATEWAY)
                .toList();
        Set<IpAddress> joined = joined();
        boolean allJoined = watched.stream()
                .allMatch(report -> joined.contains(report.lease().address()));
        Map<String, NamespaceUse> namespaces = allJoined ? Map.of() : host.namespaces();
        Map<LeaseReport, String> seen = new HashMap<>();
        for (LeaseReport report : watched) {
            user(report.lease(), joined, namespaces).ifPresent(namespace -> seen.put(report, namespace));
        }
        mark(seen);
        Instant now = clock.instant();
        Map<LeaseReport, Instant> stillMissing = new HashMap<>();
        for (LeaseReport report : watched) {
            if (!seen.containsKey(report) && mayBeAbandoned(report.lease(), namespaces)) {
                stillMissing.put(report, missing.getOrDefault(report, now));
            }
        }
        free(stillMissing, now);
        missing = stillMissing;
        if (allJoined) {
            return Optional.empty();
        }
        boolean soon =
                missing.keySet().stream().anyMatch(report -> report.lease().isSeen());
        boolean starting = start.plus(ON_ITS_WAY_AT_START).isAfter(now);
        return Optional.of(missing.isEmpty() ? UNHURRIED : soon || starting ? MOMENT : MEANWHILE);
    }

    private void mark(Map<LeaseReport, String> seen) {
        Map<LeaseReport, String> news = new HashMap<>(seen);
        news.entrySet().removeIf(entry -> entry.getKey().lease().seenIn().equals(Optional.of(entry.getValue())));
        if (!news.isEmpty()) {
            leases.see(news);
        }
    }

    private void free(Map<LeaseReport, Instant> candidates, Instant now) {
        List<LeaseReport> abandoned = candidates.entrySet().stream()
                .filter(entry -> isAbandoned(entry.getKey().lease(), entry.getValue(), now))
                .map(Map.Entry::getKey)
                .toList();
        if (abandoned.isEmpty()) {
            return;
        }
        leases.reclaim(abandoned);
        abandoned.forEach(candidates::remove);
        for (LeaseReport report : abandoned) {
            LOG.atWarn()
                    .addKeyValue("pool", report.pool().id())
                    .addKeyValue("address", report.lease().address())
                    .log("freed an address that nobody uses and nobody gave back");
        }
    }

    private boolean mayBeAbandoned(Lease lease, Map<String, NamespaceUse> namespaces) {
        if (lease.purpose() == Purpose.RESERVED) {
            return false;
        }
        return !lease.boot().equals(boot)
                || lease.seenIn()
                        .map(namespaces::get)
                        .filter(NamespaceUse::connected)
                        .isEmpty();
    }

    private boolean isAbandoned(Lease lease, Instant missingSince, Instant now) {
        if (!lease.boot().equals(boot)) {
            return true;
        }
        if (lease.isSeen()) {
            return !missingSince.plus(MOMENT).isAfter(now);
        }
        boolean late = !lease.since().plus(ON_ITS_WAY).isAfter(now);
        boolean lateAtStart = lease.since().isBefore(start)
                && !start.plus(ON_ITS_WAY_AT_START).isAfter(now);
        return late || lateAtStart;
    }

    /** Who has the address: an endpoint of the engine, whose link may still be on its way, or a namespace. */
    private static Optional<String> user(Lease lease, Set<IpAddress> joined, Map<String, NamespaceUse> namespaces) {
        if (joined.contains(lease.address())) {
            return Optional.of(ENDPOINT);
        }
        return namespaces.entrySet().stream()
                .filter(entry -> entry.getValue().addresses().contains(lease.address()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The engine removes an endpoint whose link is gone. */
    private Set<IpAddress> joined() {
        return store.read(state -> state.endpoints()).stream()
                .filter(endpoint -> endpoint.state() == EndpointState.JOINED)
                .map(Endpoint::spec)
                .flatMap(spec -> spec.addresses().stream())
                .map(IpPrefix::address)
                .collect(Collectors.toSet());
    }
}
