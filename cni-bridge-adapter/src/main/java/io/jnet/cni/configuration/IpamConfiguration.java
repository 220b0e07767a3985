package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.link.ContainerRoute;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.route.RouteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Where containers get addresses from, and what routes they get.
 *
 * @param source who gives addresses away
 * @param plugin the plugin that is asked for them, where it is another one
 * @param rangeSets an address comes from each, from the first of its ranges that has one; none: the network's own ranges, or one that is free on
 *     this host
 * @param routes the gateway absent where it is the network's own
 * @param sticky whether a container or pod of the same name gets the same address again
 * @param dns what resolvers to use
 * @param resolverFile a file that says what resolvers to use where nobody else does, as the caller of the executable sees it
 */
public record IpamConfiguration(
        AddressSource source,
        Optional<String> plugin,
        List<List<RangeConfiguration>> rangeSets,
        List<ContainerRoute> routes,
        boolean sticky,
        DnsConfiguration dns,
        Optional<String> resolverFile) {
    private static final String OWN = "jnet";
    /** Asks a server by the container's interface (plugins, plugins/ipam/dhcp/lease.go, AcquireLease). */
    private static final String DHCP = "dhcp";
    /** Numbers of tables and priorities have 32 bits, those of scopes 8 (include/uapi/linux/rtnetlink.h). */
    private static final long MAX_NUMBER = 0xffff_ffffL;

    private static final long MAX_SCOPE = 255;
    private static final Pattern PLUGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    /** Who gives addresses away. */
    public enum AddressSource {
        /** The pools of jnet. */
        POOLS,
        /** Another plugin, which the executable calls. */
        PLUGIN,
        /** Another plugin, which asks for them by the container's interface: that is made first, on a network that has no addresses of its own. */
        ON_LINK,
        /** Nobody: the network connects its containers by their MAC addresses only. */
        NOBODY;

        /** Whether networks of such addresses have subnets: where jnet knows of addresses before a container's interface is made. */
        public boolean hasSubnets() {
            return this == POOLS || this == PLUGIN;
        }
    }

    public IpamConfiguration {
        rangeSets = rangeSets.stream().map(List::copyOf).toList();
        routes = List.copyOf(routes);
    }

    /** Whether a plugin gets addresses, and gives them back, by the container's interface. */
    public static boolean needsInterface(String plugin) {
        return plugin.equals(DHCP);
    }

    /** All ranges. */
    public List<RangeConfiguration> ranges() {
        return rangeSets.stream().flatMap(List::stream).toList();
    }

    /** The first range of a family. */
    public Optional<RangeConfiguration> range(AddressFamily family) {
        return ranges().stream().filter(range -> range.family() == family).findFirst();
    }

    /**
     * @param given the key {@code ipam}; absent: jnet's own with a free range
     * @param runtimeRanges those of {@code runtimeConfig}, which come first
     */
    static IpamConfiguration of(Optional<Fields> given, List<List<Fields>> runtimeRanges) {
        if (given.isEmpty()) {
            return own(ranges(runtimeRanges, List.of()), List.of(), false, DnsConfiguration.NONE, Optional.empty());
        }
        Fields fields = given.get();
        String type = fields.text("type").orElse("");
        if (type.isEmpty()) {
            return nobody(fields);
        }
        if (!type.equals(OWN)) {
            return new IpamConfiguration(
                    needsInterface(type) ? AddressSource.ON_LINK : AddressSource.PLUGIN,
                    Optional.of(plugin(fields, type)),
                    List.of(),
                    List.of(),
                    false,
                    DnsConfiguration.NONE,
                    Optional.empty());
        }
        List<List<Fields>> sets = new ArrayList<>();
        if (fields.has("subnet")) {
            sets.add(List.of(fields));
        }
        sets.addAll(fields.objectLists("ranges"));
        return own(
                ranges(runtimeRanges, sets),
                fields.objects("routes").stream().map(IpamConfiguration::route).toList(),
                fields.flag("sticky", false),
                fields.object("dns").map(DnsConfiguration::of).orElse(DnsConfiguration.NONE),
                fields.text("resolvConf"));
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
            List<List<RangeConfiguration>> rangeSets,
            List<ContainerRoute> routes,
            boolean sticky,
            DnsConfiguration dns,
            Optional<String> resolverFile) {
        return new IpamConfiguration(
                AddressSource.POOLS, Optional.empty(), rangeSets, routes, sticky, dns, resolverFile);
    }

    private static IpamConfiguration nobody(Fields fields) {
        if (!fields.node().isEmpty()) {
            throw CniException.configuration(
                    "missing " + fields.name("type") + ": want \"jnet\", another plugin, or {}");
        }
        return new IpamConfiguration(
                AddressSource.NOBODY,
                Optional.empty(),
                List.of(),
                List.of(),
                false,
                DnsConfiguration.NONE,
                Optional.empty());
    }

    private static List<List<RangeConfiguration>> ranges(
            List<List<Fields>> runtimeSets, List<List<Fields>> networkSets) {
        List<List<RangeConfiguration>> read = new ArrayList<>();
        addRanges(read, runtimeSets, true);
        addRanges(read, networkSets, false);
        return read;
    }

    private static void addRanges(List<List<RangeConfiguration>> read, List<List<Fields>> sets, boolean ofContainer) {
        List<RangeConfiguration> all =
                new ArrayList<>(read.stream().flatMap(List::stream).toList());
        for (List<Fields> set : sets) {
            List<RangeConfiguration> ranges = new ArrayList<>();
            for (Fields fields : set) {
                RangeConfiguration range = RangeConfiguration.of(fields, ofContainer);
                requireApart(fields, range, all);
                if (!ranges.isEmpty() && ranges.get(0).family() != range.family()) {
                    throw CniException.configuration("invalid " + fields.name("subnet") + " " + range.subnet()
                            + ": the ranges of a set are of one address family");
                }
                ranges.add(range);
                all.add(range);
            }
            if (!ranges.isEmpty()) {
                read.add(ranges);
            }
        }
    }

    private static void requireApart(Fields fields, RangeConfiguration range, List<RangeConfiguration> others) {
        others.stream()
                .filter(other -> other.subnet().overlaps(range.subnet()))
                .findFirst()
                .ifPresent(other -> {
                    throw CniException.configuration("invalid " + fields.name("subnet") + " " + range.subnet() + ": "
                            + (other.subnet().equals(range.subnet())
                                    ? "a subnet has one range here: want one rangeStart and one rangeEnd, or two subnets"
                                    : "it overlaps " + other.subnet()));
                });
    }

    static ContainerRoute route(Fields fields) {
        IpPrefix destination =
                fields.prefix("dst").orElseThrow(() -> CniException.configuration("missing " + fields.name("dst")));
        if (!destination.network().equals(destination)) {
            throw CniException.configuration("invalid " + fields.name("dst") + " " + destination
                    + ": host bits are set, want " + destination.network());
        }
        fields.address("gw")
                .filter(gateway -> gateway.family() != destination.family())
                .ifPresent(gateway -> {
                    throw CniException.configuration("invalid " + fields.name("gw") + " " + gateway
                            + ": another address family than " + destination);
                });
        OptionalLong scope = positive(fields, "scope", MAX_SCOPE);
        return new ContainerRoute(
                destination,
                fields.address("gw"),
                positive(fields, "table", MAX_NUMBER),
                new RouteOptions(
                        positive(fields, "priority", MAX_NUMBER),
                        scope.isPresent() ? OptionalInt.of((int) scope.getAsLong()) : OptionalInt.empty(),
                        positive(fields, "mtu", NetworkSpec.MAX_MTU),
                        positive(fields, "advmss", NetworkSpec.MAX_MTU)));
    }

    private static OptionalLong positive(Fields fields, String key, long largest) {
        OptionalLong number = fields.longNumber(key);
        if (number.isPresent() && (number.getAsLong() < 0 || number.getAsLong() > largest)) {
            throw CniException.configuration(
                    "invalid " + fields.name(key) + " " + number.getAsLong() + ": want 0 to " + largest);
        }
        return number;
    }
}
