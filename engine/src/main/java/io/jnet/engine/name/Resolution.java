package io.jnet.engine.name;

import io.jnet.engine.failure.EngineException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a network says of names.
 *
 * @param enabled whether they are answered on its bridge
 * @param domain the network's own domain: its containers' names are below it; empty: {@link #DEFAULT_PARENT} below the network's name
 * @param servers who is asked for names that the network does not know, in this order for names of no domain; none for all names: the host's
 * @param records what is answered besides
 */
public record Resolution(
        boolean enabled, Optional<DomainName> domain, List<NameServer> servers, List<StaticRecord> records) {
    /** Containers' names, in the domain of the network's name, and the host's servers for all others. */
    public static final Resolution DEFAULT = new Resolution(true, Optional.empty(), List.of(), List.of());

    /** No names are answered. */
    public static final Resolution NONE = new Resolution(false, Optional.empty(), List.of(), List.of());

    /** The domain that domains of networks are in which have not got one of their own; {@code internal} is nobody's outside (ICANN, 2024). */
    public static final DomainName DEFAULT_PARENT = new DomainName("jnet.internal");

    private static final int MOST_SERVERS = 32;
    private static final int MOST_RECORDS = 1000;

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when there is too much of it, or parts contradict each other
     */
    public Resolution {
        servers = List.copyOf(servers);
        records = List.copyOf(records);
        if (!enabled && (domain.isPresent() || !servers.isEmpty() || !records.isEmpty())) {
            throw EngineException.invalid(
                    "names are not answered on the network: a domain, servers and records are of no use");
        }
        if (servers.size() > MOST_SERVERS) {
            throw EngineException.invalid(servers.size() + " name servers: want at most " + MOST_SERVERS);
        }
        if (records.size() > MOST_RECORDS) {
            throw EngineException.invalid(records.size() + " static records: want at most " + MOST_RECORDS);
        }
        Set<String> aliases = new HashSet<>();
        for (StaticRecord record : records) {
            if (record.alias().isPresent() && !aliases.add(key(record))) {
                throw EngineException.invalid("two CNAME records of " + record.owner());
            }
        }
        for (StaticRecord record : records) {
            if (record.alias().isEmpty() && aliases.contains(key(record))) {
                throw EngineException.invalid(record.owner() + " has a CNAME record, and so no other one");
            }
        }
    }

    private static String key(StaticRecord record) {
        return (record.wildcard() ? "*." : "") + record.owner();
    }
}
