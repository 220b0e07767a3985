package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.cni.protocol.Printable;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where containers get addresses from, and what routes they get.
 *
 * @param source who gives addresses away
 * @param plugin the plugin that is asked for them, where it is another one
 * @param ranges at most one a family; none: the network's own, or a range that is free on this host
 * @param routes the gateway absent where it is the network's own
 * @param sticky whether a container or pod of the same name gets the same address again
 * @param dns what resolvers to use
 */
public record IpamConfiguration(
        AddressSource source,
        Optional<String> plugin,
        List<RangeConfiguration> ranges,
        List<ContainerRoute> routes,
        boolean sticky,
        DnsConfiguration dns) {
    private static final String OWN = "jnet";
    private static final Pattern PLUGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    /** Who gives addresses away. */
    public enum AddressSource {
        /** The pools of jnet. */
        POOLS,
        /** Another plugin, which the executable calls. */
        PLUGIN,
        /** Nobody: the network connects its containers by their MAC addresses only. */
        NOBODY
    }

    public IpamConfiguration {
        ranges = List.copyOf(ranges);
        routes = List.copyOf(routes);
    }

    /** The range of a family. */
    public Optional<RangeConfiguration> range(AddressFamily family) {
        return ranges.stream().filter(range -> range.family() == family).findFirst();
    }

    /**
     * @param given the key {@code ipam}; absent: jnet's own with a free range
     * @param runtimeRanges those of {@code runtimeConfig}, which come first
     */
    static IpamConfiguration of(Optional<Fields> given, List<List<Fields>> runtimeRanges) {
        if (given.isEmpty()) {
            return own(ranges(runtimeRanges), List.of(), false, DnsConfiguration.NONE);
        }
        Fields fields = given.get();
        String type = fields.text("type").orElse("");
        if (type.isEmpty()) {
            return nobody(fields);
        }
        if (!type.equals(OWN)) {
            return new IpamConfiguration(
                    AddressSource.PLUGIN,
                    Optional.of(plugin(fields, type)),
                    List.of(),
                    List.of(),
                    false,
                    DnsConfiguration.NONE);
        }
        if (fields.has("resolvConf")) {
            throw CniException.unsupported("ipam.resolvConf is not supported: name the servers in \"dns\"");
        }
        List<List<Fields>> sets = new ArrayList<>(runtimeRanges);
        if (fields.has("subnet")) {
            sets.add(List.of(fields));
        }
        sets.addAll(fields.objectLists("ranges"));
        return own(
                ranges(sets),
                fields.objects("routes").stream().map(IpamConfiguration::route).toList(),
                fields.flag("sticky", false),
                fields.object("dns").map(DnsConfiguration::of).orElse(DnsConfiguration.NONE));
    }

    /**
     * The plugin that a configuration names for addresses; absent where it is jnet, or none.
     *
     * @param given the key {@code ipam}
     */
    static Optional<String> plugin(Optional<Fields> given) {
        return given.flatMap(
                fields -> fields.text("type").filter(type -> !type.equals(OWN)).map(type -> plugin(fields, type)));
    }

    private static String plugin(Fields fields, String type) {
        if (!PLUGIN.matcher(type).matches()) {
            throw CniException.configuration("invalid " + fields.name("type") + " \"" + Printable.of(type)
                    + "\": want the file name of a plugin");
        }
        return type;
    }

    private static IpamConfiguration own(
            List<RangeConfiguration> ranges, List<ContainerRoute> routes, boolean sticky, DnsConfiguration dns) {
        return new IpamConfiguration(AddressSource.POOLS, Optional.empty(), ranges, routes, sticky, dns);
    }

    private static IpamConfiguration nobody(Fields fields) {
        if (!fields.node().isEmpty()) {
            throw CniException.configuration(
                    "missing " + fields.name("type") + ": want \"jnet\", another plugin, or {}");
        }
        return new IpamConfiguration(
                AddressSource.NOBODY, Optional.empty(), List.of(), List.of(), false, DnsConfiguration.NONE);
    }

    private static List<RangeConfiguration> ranges(List<List<Fields>> sets) {
        List<RangeConfiguration> ranges = new ArrayList<>();
        Set<AddressFamily> families = new HashSet<>();
        for (List<Fields> set : sets) {
            for (Fields fields : set) {
                RangeConfiguration range = RangeConfiguration.of(fields);
                if (!families.add(range.family())) {
                    throw CniException.unsupported(fields.name("subnet") + " " + range.subnet()
                            + " is not supported: a network has one range of each address family");
                }
                ranges.add(range);
            }
        }
        return ranges;
    }

    static ContainerRoute route(Fields fields) {
        IpPrefix destination =
                fields.prefix("dst").orElseThrow(() -> CniException.configuration("missing " + fields.name("dst")));
        if (!destination.network().equals(destination)) {
            throw CniException.configuration("invalid " + fields.name("dst") + " " + destination
                    + ": host bits are set, want " + destination.network());
        }
        for (String key : List.of("mtu", "advmss", "priority", "table", "scope")) {
            if (fields.has(key)) {
                throw CniException.unsupported(fields.name(key) + " is not supported: want dst and gw");
            }
        }
        return new ContainerRoute(destination, fields.address("gw").map(gateway -> {
            if (gateway.family() != destination.family()) {
                throw CniException.configuration("invalid " + fields.name("gw") + " " + gateway
                        + ": another address family than " + destination);
            }
            return gateway;
        }));
    }
}
