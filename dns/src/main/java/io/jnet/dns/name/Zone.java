package io.jnet.dns.name;

import io.jnet.dns.message.WireName;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one network knows of names.
 *
 * @param network the network
 * @param endpoints those of the network which containers use
 * @param domain its domain
 * @param entries what is known of names: containers' with the domain and without, static ones
 * @param wildcards what is known of all names below one which nothing else is known of
 * @param parents names that others are below
 * @param pointers the names of addresses
 */
record Zone(
        Network network,
        List<Endpoint> endpoints,
        WireName domain,
        Map<WireName, Entry> entries,
        Map<WireName, Entry> wildcards,
        Set<WireName> parents,
        Map<IpAddress, WireName> pointers) {
    private static final Entry NOTHING = new Entry.Empty(0);

    /** What is known of just this name; empty: nothing. */
    Optional<Entry> exact(WireName name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** That the name is there, since others are below it; empty: it is not. */
    Optional<Entry> above(WireName name) {
        return parents.contains(name) && name.isIn(domain) ? Optional.of(NOTHING) : Optional.empty();
    }

    /**
     * What is known of all names that this one is of, where nothing is known of itself; empty: nothing. RFC 4592 section 3.3.1: the wildcard of the
     * nearest name above that is there, and no other.
     */
    Optional<Entry> wildcard(WireName name) {
        if (wildcards.isEmpty() || parents.contains(name)) {
            return Optional.empty();
        }
        for (WireName above = name; !above.isRoot(); ) {
            above = above.parent();
            Entry entry = wildcards.get(above);
            if (entry != null || entries.containsKey(above) || parents.contains(above)) {
                return Optional.ofNullable(entry);
            }
        }
        return Optional.empty();
    }
}
