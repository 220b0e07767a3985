package io.jnet.ipam.reclaim;

import io.jnet.ipam.lease.LeaseReport;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The leases that are watched: a port of the reclaiming, to the pools. */
public interface Leases {
    /**
     * The next leases, by pool and address.
     *
     * @param last after which; empty: from the first
     * @return some; none after the last one
     */
    List<LeaseReport> after(Optional<LeaseReport> last);

    /** Marks leases as used in network namespaces. */
    void see(Map<LeaseReport, String> seen);

    /** Frees those leases that are still the same. */
    void reclaim(Collection<LeaseReport> abandoned);
}
