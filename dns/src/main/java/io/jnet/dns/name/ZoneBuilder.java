package io.jnet.dns.name;

import io.jnet.dns.message.WireName;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.StaticRecord;
import io.jnet.engine.name.StaticRecord.ServiceLocation;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes a network's {@link Zone} of its endpoints and its static records. */
final class ZoneBuilder {
    /** Containers come and go: what they are called is asked for each time. */
    private static final int CONTAINER_TTL = 0;

    /** Seconds; static records are as old as their network. */
    private static final int STATIC_TTL = 30;

    private static final Pattern CONTAINER_ID = Pattern.compile("([0-9a-f]{12})[0-9a-f]*");

    private final WireName domain;
    private final Map<WireName, Entry> entries = new HashMap<>();
    private final Map<WireName, Entry> wildcards = new HashMap<>();
    private final Set<WireName> parents = new HashSet<>();
    private final Map<IpAddress, WireName> pointers = new HashMap<>();
    /** What is known of all names that are one endpoint's. */
    private final IdentityHashMap<Endpoint, Entry.Host> alone = new IdentityHashMap<>();

    private ZoneBuilder(Network network) {
        this.domain = WireName.of(network.domain());
        parents.add(domain);
    }

    /**
     * @param endpoints those of the network which containers use
     */
    static Zone build(Network network, List<Endpoint> endpoints) {
        ZoneBuilder builder = new ZoneBuilder(network);
        builder.addContainers(endpoints);
        builder.addRecords(network.spec().resolution().records());
        return new Zone(
                network,
                endpoints,
                builder.domain,
                builder.entries,
                builder.wildcards,
                builder.parents,
                builder.pointers);
    }

    private void addContainers(List<Endpoint> endpoints) {
        Map<DomainName, List<Endpoint>> holders = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            List<DomainName> names = names(endpoint);
            names.forEach(name ->
                    holders.computeIfAbsent(name, none -> new ArrayList<>()).add(endpoint));
            if (!names.isEmpty()) {
                WireName.of(names.get(0)).below(domain).ifPresent(name -> endpoint.spec()
                        .addresses()
                        .forEach(address -> pointers.putIfAbsent(address.address(), name)));
            }
        }
        holders.forEach((name, all) -> addName(name, entry(name, all, holders)));
    }

    /** Its own name first, and the short id last. */
    private static List<DomainName> names(Endpoint endpoint) {
        Set<DomainName> names = new LinkedHashSet<>(endpoint.spec().names());
        shortId(endpoint).ifPresent(names::add);
        return List.copyOf(names);
    }

    private static Optional<DomainName> shortId(Endpoint endpoint) {
        return endpoint.spec()
                .container()
                .map(CONTAINER_ID::matcher)
                .filter(id -> id.matches())
                .map(id -> new DomainName(id.group(1)));
    }

    private record ContainerName(Entry.Host host, Optional<WireName> own) {}

    /** An alias leads to the own name where it is one container's, and so is that name. */
    private ContainerName entry(DomainName name, List<Endpoint> all, Map<DomainName, List<Endpoint>> holders) {
        List<DomainName> names = all.get(0).spec().names();
        boolean isAlias = all.size() == 1 && names.indexOf(name) > 0;
        Optional<WireName> own = isAlias && holders.get(names.get(0)).size() == 1
                ? Optional.of(WireName.of(names.get(0)))
                : Optional.empty();
        return new ContainerName(
                all.size() == 1 ? alone.computeIfAbsent(all.get(0), one -> host(all)) : host(all), own);
    }

    private static Entry.Host host(List<Endpoint> endpoints) {
        List<IpAddress> addresses = new ArrayList<>();
        endpoints.forEach(endpoint -> endpoint.spec().addresses().forEach(address -> addresses.add(address.address())));
        return new Entry.Host(
                rotation(addresses, AddressFamily.INET),
                rotation(addresses, AddressFamily.INET6),
                List.of(),
                CONTAINER_TTL);
    }

    private void addName(DomainName name, ContainerName entry) {
        WireName label = WireName.of(name);
        entries.put(label, aliased(entry, entry.own()));
        label.below(domain)
                .ifPresent(full -> entries.put(full, aliased(entry, entry.own().flatMap(own -> own.below(domain)))));
    }

    private static Entry aliased(ContainerName entry, Optional<WireName> target) {
        return target.<Entry>map(name -> new Entry.Alias(name, entry.host(), CONTAINER_TTL))
                .orElse(entry.host());
    }

    private void addRecords(List<StaticRecord> records) {
        Map<WireName, List<StaticRecord>> plain = new LinkedHashMap<>();
        Map<WireName, List<StaticRecord>> wild = new LinkedHashMap<>();
        for (StaticRecord record : records) {
            for (WireName owner : forms(record.owner())) {
                (record.wildcard() ? wild : plain)
                        .computeIfAbsent(owner, none -> new ArrayList<>())
                        .add(record);
            }
        }
        plain.forEach((owner, all) -> {
            entries.put(owner, entry(owner, all, container(owner)));
            addParents(owner);
        });
        wild.forEach((owner, all) -> {
            wildcards.put(owner, entry(owner, all, Optional.empty()));
            parents.add(owner);
            addParents(owner);
        });
        entries.replaceAll((name, entry) -> entry instanceof Entry.Alias alias ? followed(alias) : entry);
    }

    /** What containers say of a name. */
    private Optional<Entry.Host> container(WireName name) {
        Entry entry = entries.get(name);
        return entry instanceof Entry.Alias alias ? Optional.of(alias.host()) : Optional.ofNullable((Entry.Host) entry);
    }

    /** An alias to what is known of the own name by now: records may stand there. */
    private Entry followed(Entry.Alias alias) {
        Entry target = entries.get(alias.target());
        if (target instanceof Entry.StaticAlias other) {
            return new Entry.StaticAlias(other.target(), CONTAINER_TTL);
        }
        return target instanceof Entry.Host host ? new Entry.Alias(alias.target(), host, CONTAINER_TTL) : alias;
    }

    /** A label is a name of the network: it is known with the domain, too. */
    private List<WireName> forms(DomainName name) {
        WireName written = WireName.of(name);
        if (!name.isLabel()) {
            return List.of(written);
        }
        return written.below(domain).map(full -> List.of(written, full)).orElse(List.of(written));
    }

    private void addParents(WireName owner) {
        for (WireName above = owner.parent(); !above.isRoot(); above = above.parent()) {
            parents.add(above);
        }
    }

    /**
     * Static addresses stand in place of containers'; services beside them.
     *
     * @param container what containers say of the name
     */
    private Entry entry(WireName owner, List<StaticRecord> records, Optional<Entry.Host> container) {
        Optional<DomainName> alias =
                records.stream().flatMap(record -> record.alias().stream()).findFirst();
        if (alias.isPresent()) {
            return new Entry.StaticAlias(target(owner, alias.get()), STATIC_TTL);
        }
        List<ServiceLocation> services =
                records.stream().flatMap(record -> record.service().stream()).toList();
        List<IpAddress> addresses =
                records.stream().flatMap(record -> record.address().stream()).toList();
        if (addresses.isEmpty() && container.isPresent()) {
            return new Entry.Host(container.get().ipv4(), container.get().ipv6(), services, CONTAINER_TTL);
        }
        return new Entry.Host(
                rotation(addresses, AddressFamily.INET),
                rotation(addresses, AddressFamily.INET6),
                services,
                STATIC_TTL);
    }

    /** A label means the network's name; who asks with a domain is answered with it. */
    private WireName target(WireName owner, DomainName target) {
        WireName written = WireName.of(target);
        return target.isLabel() && !owner.isLabel() ? written.below(domain).orElse(written) : written;
    }

    private static Rotation rotation(List<IpAddress> addresses, AddressFamily family) {
        List<IpAddress> own = new ArrayList<>(addresses);
        own.removeIf(address -> address.family() != family);
        return new Rotation(own);
    }
}
