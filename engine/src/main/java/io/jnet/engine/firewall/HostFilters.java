package io.jnet.engine.firewall;

import java.util.List;
import java.util.Optional;

/**
 * What packet filters the host has beside jnet's.
 *
 * @param guard what keeps connections from the host's own services unless somebody has let them in, by its name for people: {@code ufw};
 *     published ports are forwarded, and go past it. Empty: nothing does
 * @param barriers forward chains that drop what jnet lets through, since nothing in them knows of it
 * @param zones whether a firewall runs that decides by zones of interfaces: firewalld
 */
public record HostFilters(Optional<String> guard, List<ForwardBarrier> barriers, boolean zones) {
    /** A host without any. */
    public static final HostFilters NONE = new HostFilters(Optional.empty(), List.of(), false);

    public HostFilters {
        barriers = List.copyOf(barriers);
    }
}
