package io.jnet.engine.endpoint;

import java.util.Optional;

/**
 * What a container's traffic is shaped to.
 *
 * @param ingress how fast it receives; empty: as fast as it comes
 * @param egress how fast it sends; empty: as fast as it can
 */
public record Bandwidth(Optional<RateLimit> ingress, Optional<RateLimit> egress) {
    /** Nothing is shaped. */
    public static final Bandwidth UNLIMITED = new Bandwidth(Optional.empty(), Optional.empty());

    /** Whether something is shaped. Not called {@code isLimited}, which would be kept with the record in the state. */
    public boolean hasLimit() {
        return ingress.isPresent() || egress.isPresent();
    }
}
