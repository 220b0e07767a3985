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
import java.util.ArrayList;
import java.util.EnumSet;
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
 *       merely vanished from a living namespace is not: some sandboxes take it over from the kernel. One that an endpoint of jnet had goes with
 *       that, and nobody looks further.
 *   <li>A lease that was never seen in use is on its way into a container, and is left alone for as long as that may take; one that an
 *       earlier daemon gave is older than this one, and less time is enough, unless an endpoint has it already.
 * </ul>
 *
 * Where nobody can be looked at ({@link AddressUse#UNSEEN}) only leases of an earlier boot and those that an endpoint of jnet had are freed.
 *
 * <p>Gateways and reserved addresses go with their pool. One thread calls {@link #sweep}.
 */
public final class Reclaiming {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaiming.class);

    /** Between leaving a namespace and being released by its runtime, or moving on to another one. */
    static final Duration MOMENT = Duration.ofSeconds(2);

    /** From the answer to dockerd until the container has the address, on a slow host. */
    static final Duration ON_ITS_WAY = Duration.ofMinutes(15);

    /** The same for what was on its way when an earlier daemon ended: a dockerd that had no answer asks again 8 seconds later at most. */
    static final Duration ON_ITS_WAY_AT_START = Duration.ofSeconds(8);

    private static final Set<EndpointState> COMING = EnumSet.of(EndpointState.CREATED, EndpointState.JOINING);

    /** As long as its record is there its link may be, and whoever asked for its end gives the address back. */
    private static final Set<EndpointState> THERE =
            EnumSet.of(EndpointState.JOINED, EndpointState.LEFT, EndpointState.DELETING);

    private static final Duration MEANWHILE = Duration.ofSeconds(5);

    /** For what comes and goes without an event in this namespace. */
    private static final Duration UNHURRIED = Duration.ofSeconds(60);

    private final StateStore store;
    private final Leases leases;
    private final AddressUse host;
    private final Clock clock;
    private final String boot;
    private final Instant start;
    private Map<LeaseReport, Instant> missing = new HashMap<>();
    /** Of endpoints that a runtime has made and not joined yet. */
    private Set<IpAddress> coming = Set.of();

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
     * @throws io.jnet.engine.failure.EngineException when namespaces could not be looked into; what needs no such look is done all the same
     */
    public Optional<Duration> sweep() {
        // First: one that joins meanwhile is among those that have joined.
        coming = addresses(COMING);
        // The engine removes an endpoint that has joined and whose link is gone.
        Sweep sweep = new Sweep(addresses(THERE), host, clock.instant(), new HashMap<>());
        boolean waiting = false;
        List<LeaseReport> page = leases.after(Optional.empty());
        while (!page.isEmpty()) {
            waiting |= look(page, sweep);
            page = leases.after(Optional.of(page.get(page.size() - 1)));
        }
        missing = sweep.missing();
        sweep.requireSight();
        if (!missing.isEmpty()) {
            return Optional.of(MOMENT);
        }
        if (waiting) {
            boolean starting = start.plus(ON_ITS_WAY_AT_START).isAfter(sweep.now());
            return Optional.of(starting ? MOMENT : MEANWHILE);
        }
        return sweep.looked() ? Optional.of(UNHURRIED) : Optional.empty();
    }

    /** Whether there are leases that are on their way. */
    private boolean look(List<LeaseReport> page, Sweep sweep) {
        boolean waiting = false;
        Map<LeaseReport, String> seen = new HashMap<>();
        List<LeaseReport> abandoned = new ArrayList<>();
        for (LeaseReport report : page) {
            Lease lease = report.lease();
            if (lease.purpose() == Purpose.GATEWAY || !sweep.canTell(lease)) {
                continue;
            }
            Optional<String> user = sweep.user(lease);
            if (user.isPresent()) {
                if (!lease.seenIn().equals(user)) {
                    seen.put(report, user.get());
                }
            } else if (lease.purpose() != Purpose.RESERVED) {
                if (isAbandoned(report, sweep)) {
                    abandoned.add(report);
                }
                waiting |= !lease.isSeen();
            }
        }
        if (!seen.isEmpty()) {
            leases.see(seen);
        }
        free(abandoned);
        return waiting;
    }

    private void free(List<LeaseReport> abandoned) {
        if (abandoned.isEmpty()) {
            return;
        }
        leases.reclaim(abandoned);
        for (LeaseReport report : abandoned) {
            LOG.atWarn()
                    .addKeyValue("pool", report.pool().id())
                    .addKeyValue("address", report.lease().address())
                    .log("freed an address that nobody uses and nobody gave back");
        }
    }

    private boolean isAbandoned(LeaseReport report, Sweep sweep) {
        Lease lease = report.lease();
        if (!lease.boot().equals(boot)) {
            return true;
        }
        if (!host.canSee() && !lease.seenIn().equals(Optional.of(Lease.ENDPOINT))) {
            return false;
        }
        if (lease.isSeen()) {
            if (sweep.isConnected(lease.seenIn().get())) {
                return false;
            }
            Instant since = missing.getOrDefault(report, sweep.now());
            boolean longEnough = !since.plus(MOMENT).isAfter(sweep.now());
            if (!longEnough) {
                sweep.missing().put(report, since);
            }
            return longEnough;
        }
        boolean late = !lease.since().plus(ON_ITS_WAY).isAfter(sweep.now());
        boolean lateAtStart = lease.since().isBefore(start)
                && !coming.contains(lease.address())
                && !start.plus(ON_ITS_WAY_AT_START).isAfter(sweep.now());
        return late || lateAtStart;
    }

    private Set<IpAddress> addresses(Set<EndpointState> states) {
        return store.read(state -> state.endpoints()).stream()
                .filter(endpoint -> states.contains(endpoint.state()))
                .map(Endpoint::spec)
                .flatMap(spec -> spec.addresses().stream())
                .map(IpPrefix::address)
                .collect(Collectors.toSet());
    }
}
