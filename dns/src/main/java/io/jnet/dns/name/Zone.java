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

    /** What is known of a name; empty: nothing. */
    Optional<Entry> find(WireName name) {
        Entry entry = entries.get(name);
        if (entry != null) {
            return Optional.of(entry);
        }
        if (parents.contains(name) && name.isIn(domain)) {
            return Optional.of(NOTHING);
        }
        return wildcards.isEmpty() || parents.contains(name) ? Optional.empty() : wildcard(name);
    }

    /** RFC 4592 section 3.3.1: the wildcard of the nearest name above that is there, and no other. */
    private Optional<Entry> wildcard(WireName name) {
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
