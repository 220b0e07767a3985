package io.jnet.dns.name;

import io.jnet.dns.message.WireName;
import io.jnet.engine.resolve.Resolution;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a client sees: the names of some networks, its own first, and the way to the names of others. */
public final class View {
    private static final WireName LOCALHOST = WireName.of("localhost");
    private static final WireName JNET = WireName.of(Resolution.DEFAULT_PARENT);
    private static final IpAddress LOOPBACK_4 = IpAddress.parse("127.0.0.1");
    private static final IpAddress LOOPBACK_6 = IpAddress.parse("::1");
    private static final int LOCALHOST_TTL = 86_400;
    private static final Entry LOCALHOST_ADDRESSES = new Entry.Host(
            new Rotation(List.of(LOOPBACK_4)), new Rotation(List.of(LOOPBACK_6)), List.of(), LOCALHOST_TTL);
    private static final Entry LOCALHOST_POINTER = new Entry.Pointer(LOCALHOST, LOCALHOST_TTL);
    private static final Match OUTSIDE = new Match.Outside();

    private final List<Zone> zones;
    private final Routes routes;
    private final Predicate<IpAddress> ours;

    /**
     * @param zones those of the networks, at least one
     * @param ours whether an address is of a subnet of any network of the host
     */
    View(List<Zone> zones, Routes routes, Predicate<IpAddress> ours) {
        this.zones = List.copyOf(zones);
        this.routes = routes;
        this.ours = ours;
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
        for (Zone zone : zones) {
            Optional<Entry> entry = zone.find(name);
            if (entry.isPresent()) {
                return new Match.Known(entry.get(), zone.domain());
            }
        }
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
        return name.isIn(ReverseName.IPV4) || name.isIn(ReverseName.IPV6) ? pointer(name) : OUTSIDE;
    }

    private Match pointer(WireName name) {
        Optional<IpAddress> address = ReverseName.address(name);
        WireName part = name.isIn(ReverseName.IPV4) ? ReverseName.IPV4 : ReverseName.IPV6;
        if (address.isEmpty()) {
            return name.isIn(ReverseName.LOOPBACK_NET) ? new Match.Unknown(domain(), part) : OUTSIDE;
        }
        if (address.get().equals(LOOPBACK_4) || address.get().equals(LOOPBACK_6)) {
            return new Match.Known(LOCALHOST_POINTER, LOCALHOST);
        }
        for (Zone zone : zones) {
            WireName target = zone.pointers().get(address.get());
            if (target != null) {
                return new Match.Known(new Entry.Pointer(target, 0), zone.domain());
            }
        }
        return name.isIn(ReverseName.LOOPBACK_NET) || ours.test(address.get())
                ? new Match.Unknown(domain(), part)
                : OUTSIDE;
    }
}
