package io.jnet.dns.name;

import io.jnet.dns.message.WireName;
import io.jnet.engine.name.Resolution;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What a client sees: the names of some networks, its own first, and the way to the names of others. */
public final class View {
    private static final WireName LOCALHOST = WireName.of("localhost");
    private static final WireName JNET = WireName.of(Resolution.DEFAULT_PARENT);
    private static final IpAddress LOOPBACK_4 = IpAddress.parse("127.0.0.1");
    private static final IpAddress LOOPBACK_6 = IpAddress.parse("::1");
    private static final IpPrefix LOOPBACK_NET = IpPrefix.parse("127.0.0.0/8");
    private static final int LOCALHOST_TTL = 86_400;
    private static final Entry LOCALHOST_ADDRESSES = new Entry.Host(
            new Rotation(List.of(LOOPBACK_4)), new Rotation(List.of(LOOPBACK_6)), List.of(), LOCALHOST_TTL);
    private static final Entry LOCALHOST_POINTER = new Entry.Pointer(LOCALHOST, LOCALHOST_TTL);
    private static final Match OUTSIDE = new Match.Outside();

    private final List<Zone> zones;
    private final Routes routes;
    private final List<IpPrefix> subnets;

    /**
     * @param zones those of the networks, at least one
     * @param subnets those of all networks of the host
     */
    View(List<Zone> zones, Routes routes, List<IpPrefix> subnets) {
        this.zones = List.copyOf(zones);
        this.routes = routes;
        this.subnets = subnets;
    }

    /** Who is asked for names that are not here. */
    public Routes routes() {
        return routes;
    }

    /** The domain of the client's own network. */
    public WireName domain() {
        return zones.get(0).domain();
    }

    /** What is known of a name. */
    public Match find(WireName name) {
        if (name.isIn(LOCALHOST)) {
            return new Match.Known(LOCALHOST_ADDRESSES, LOCALHOST);
        }
        // No network's wildcard is for a name that another one has.
        return known(Zone::exact, name)
                .or(() -> known(Zone::above, name))
                .or(() -> known(Zone::wildcard, name))
                .orElseGet(() -> unknown(name));
    }

    private Optional<Match> known(BiFunction<Zone, WireName, Optional<Entry>> what, WireName name) {
        for (Zone zone : zones) {
            Optional<Entry> entry = what.apply(zone, name);
            if (entry.isPresent()) {
                return Optional.of(new Match.Known(entry.get(), zone.domain()));
            }
        }
        return Optional.empty();
    }

    private Match unknown(WireName name) {
        if (name.isLabel()) {
            return new Match.Unknown(domain(), name);
        }
        for (Zone zone : zones) {
            if (name.isIn(zone.domain())) {
                return new Match.Unknown(zone.domain(), zone.domain());
            }
        }
        if (name.isIn(JNET)) {
            return name.equals(JNET) ? new Match.Known(new Entry.Empty(0), JNET) : new Match.Unknown(JNET, JNET);
        }
        return ReverseName.of(name).map(this::reverse).orElse(OUTSIDE);
    }

    private Match reverse(ReverseName name) {
        Optional<IpAddress> address = name.address();
        if (address.isPresent()
                && (address.get().equals(LOOPBACK_4) || address.get().equals(LOOPBACK_6))) {
            return new Match.Known(LOCALHOST_POINTER, LOCALHOST);
        }
        for (Zone zone : zones) {
            Optional<WireName> target = address.map(zone.pointers()::get);
            if (target.isPresent()) {
                return new Match.Known(new Entry.Pointer(target.get(), 0), zone.domain());
            }
        }
        IpPrefix addresses = name.addresses();
        if (!isWithin(addresses, LOOPBACK_NET) && subnets.stream().noneMatch(subnet -> isWithin(addresses, subnet))) {
            return OUTSIDE;
        }
        boolean isAbove = name.exact() && address.isEmpty();
        return isAbove ? new Match.Known(new Entry.Empty(0), domain()) : new Match.Unknown(domain(), name.root());
    }

    private static boolean isWithin(IpPrefix addresses, IpPrefix subnet) {
        return addresses.length() >= subnet.length() && subnet.contains(addresses.address());
    }
}
