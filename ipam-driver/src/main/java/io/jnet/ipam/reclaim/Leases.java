package io.jnet.ipam.reclaim;

import io.jnet.ipam.lease.LeaseReport;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The leases that are watched: a port of the reclaiming, to the pools. */
public interface Leases {
    /** All leases. */
    List<LeaseReport> leases();

    /** Marks leases as used in network namespaces. */
    void see(Map<LeaseReport, String> seen);

    /** Frees those leases that are still the same. */
    void reclaim(Collection<LeaseReport> abandoned);
}
