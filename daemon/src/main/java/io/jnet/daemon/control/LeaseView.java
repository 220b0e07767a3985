package io.jnet.daemon.control;

import io.jnet.ipam.lease.LeaseReport;
import java.util.Locale;

/**
 * A leased address.
 *
 * @param pool the range of its pool
 * @param address the address
 * @param purpose {@code gateway}, {@code reserved} or {@code endpoint}
 * @param owner the container's name or MAC address, or {@code unknown}
 * @param since when it was leased, in UTC (ISO 8601)
 */
public record LeaseView(String pool, String address, String purpose, String owner, String since) {
    /** What stands for an owner that the runtime does not tell. */
    static final String UNKNOWN = "unknown";

    static LeaseView of(LeaseReport report) {
        return new LeaseView(
                report.pool().prefix().toString(),
                report.lease().address().toString(),
                report.lease().purpose().name().toLowerCase(Locale.ROOT),
                report.lease().owner().orElse(UNKNOWN),
                report.lease().since().toString());
    }
}
