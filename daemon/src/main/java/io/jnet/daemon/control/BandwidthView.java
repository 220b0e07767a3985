package io.jnet.daemon.control;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.RateLimit;
import java.util.Optional;

/**
 * What an endpoint's traffic is shaped to.
 *
 * @param ingress how fast the container receives; absent: as fast as it comes
 * @param egress how fast it sends; absent: as fast as it can
 * @param shaper the name of the ifb link that delays what it sends
 */
public record BandwidthView(Optional<Limit> ingress, Optional<Limit> egress, Optional<String> shaper) {

    /**
     * One direction.
     *
     * @param rate in bits per second
     * @param burst in bits
     */
    public record Limit(long rate, long burst) {
        static Limit of(RateLimit limit) {
            return new Limit(limit.rate(), limit.burst());
        }
    }

    /** Absent where nothing is shaped. */
    static Optional<BandwidthView> of(Bandwidth bandwidth, Optional<String> shaper) {
        return bandwidth.hasLimit()
                ? Optional.of(new BandwidthView(
                        bandwidth.ingress().map(Limit::of), bandwidth.egress().map(Limit::of), shaper))
                : Optional.empty();
    }
}
