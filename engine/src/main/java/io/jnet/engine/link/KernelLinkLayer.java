package io.jnet.engine.link;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.host.HostSettings;
import io.jnet.netlink.address.AddressAddition;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.BridgeCreation;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Ipv6AddressGeneration;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.link.VethCreation;
import io.jnet.netlink.link.VethEnd;
import io.jnet.netlink.neighbour.Neighbours;
import io.jnet.netlink.route.Route;
import io.jnet.netlink.route.Routes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The links of this process's network namespace, over rtnetlink. */
public final class KernelLinkLayer implements LinkLayer {

    private final Links links;
    private final Addresses addresses;
    private final Routes routes;
    private final Routes allRoutes;
    private final Neighbours neighbours;
    private final HostSettings settings;
    private final KernelPortVlans vlans;
    private final SharedDeletion deletion;

    /**
     * @param allRoutes over a socket of its own, so that nobody waits while the routes of a router are read
     * @param deletionLinks over a socket of its own, so that nobody waits behind a deletion
     */
    public KernelLinkLayer(
            Links links,
            Addresses addresses,
            Routes routes,
            Routes allRoutes,
            Neighbours neighbours,
            HostSettings settings,
            Links deletionLinks,
            OwnDeletions own) {
        this.links = links;
        this.addresses = addresses;
        this.routes = routes;
        this.allRoutes = allRoutes;
        this.neighbours = neighbours;
        this.settings = settings;
        this.vlans = new KernelPortVlans(links);
        this.deletion = new SharedDeletion(deletionLinks, own);
    }

    @Override
    public void buildBridge(BridgePlan plan) {
        KernelCalls.run(() -> {
            Optional<Link> existing = links.find(plan.name());
            if (existing.isPresent()) {
                requireOwn(existing.get(), plan.identity());
                mend(existing.get(), plan);
            } else {
                make(plan);
            }
        });
    }

    @Override
    public BridgeState bridge(LinkIdentity bridge) {
        return KernelCalls.get(() -> links.find(bridge.name())
                .map(link -> {
                    if (!bridge.isOf(link)) {
                        return BridgeState.FOREIGN;
                    }
                    return link.isUp() ? BridgeState.UP : BridgeState.DOWN;
                })
                .orElse(BridgeState.ABSENT));
    }

    @Override
    public void removeBridge(LinkIdentity bridge) {
        remove(bridge);
    }

    @Override
    public void buildVeth(VethPlan plan) {
        KernelCalls.run(() -> {
            Link bridge = links.find(plan.bridge())
                    .orElseThrow(() -> new EngineException(
                            ErrorCode.KERNEL,
                            "bridge " + plan.bridge() + " is missing: "
                                    + (plan.onAdopted()
                                            ? "jnet did not make it, make it again and jnet uses it at once"
                                            : "jnet builds it again, unless jnet status says why not")));
            Link created = created("veth pairs", "VETH", () -> create(plan, bridge.index()));
            try {
                // While the other end is down, so that nothing comes or goes in the bridge's default VLAN.
                vlans.settle(bridge, created.index(), plan);
                plan.container().map(ContainerConfiguration::new).ifPresent(ContainerConfiguration::apply);
                // What the kernel finds out by itself is counted towards a limit that the whole machine shares.
                neighbours.learn(bridge.index(), plan.peerMac(), plan.addresses());
            } catch (RuntimeException e) {
                throw undone(created, e);
            }
        });
    }

    /** What an earlier attempt has left is removed: there is hardly ever anything, so that it is not asked for before. */
    private Link create(VethPlan plan, int bridge) {
        VethCreation creation = creation(plan, bridge);
        try {
            return links.create(creation);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.EEXIST)) {
                throw e;
            }
            if (!remove(plan.identity())) {
                throw taken(plan, e);
            }
        }
        try {
            return links.create(creation);
        } catch (KernelException e) {
            throw e.errno().equals(Errno.EEXIST) ? taken(plan, e) : e;
        }
    }

    /** The host's end has a name that nobody else has. */
    private static RuntimeException taken(VethPlan plan, KernelException e) {
        return plan.container()
                .<RuntimeException>map(side -> new EngineException(
                        ErrorCode.CONFLICT, "the container has an interface " + side.name() + " already", e))
                .orElse(e);
    }

    private static VethCreation creation(VethPlan plan, int bridge) {
        InterfaceName peer = plan.container().map(ContainerSide::name).orElse(plan.peerLink());
        VethCreation creation = VethCreation.of(
                        VethEnd.of(plan.hostLink(), plan.hostMac()), VethEnd.of(peer, plan.peerMac()))
                .withMtu(plan.mtu())
                .withMaster(bridge, plan.portFlags())
                .withAlias(plan.alias())
                .withIpv6AddressGeneration(Ipv6AddressGeneration.NONE);
        return plan.container()
                .map(side -> creation.withPeerNamespace(side.namespace().descriptor()))
                .orElse(creation);
    }

    private RuntimeException undone(Link created, RuntimeException cause) {
        try {
            links.delete(created.index());
        } catch (RuntimeException undo) {
            cause.addSuppressed(undo);
        }
        return cause;
    }

    @Override
    public void removeVeth(VethPlan plan) {
        remove(plan.identity());
        KernelCalls.run(() -> {
            links.find(plan.bridge()).ifPresent(bridge -> plan.addresses()
                    .forEach(address -> neighbours.delete(bridge.index(), address)));
        });
    }

    @Override
    public Set<InterfaceName> live() {
        List<Presence> all = KernelCalls.get(() -> links.select(link -> Optional.of(Presence.of(link))));
        Set<Integer> returned =
                all.stream().filter(Presence::isBack).map(Presence::index).collect(Collectors.toSet());
        return all.stream()
                .filter(link ->
                        link.peer().isEmpty() || !returned.contains(link.peer().getAsInt()))
                .map(Presence::name)
                .filter(InterfaceName::isValid)
                .map(InterfaceName::new)
                .collect(Collectors.toSet());
    }

    /**
     * What {@link #live} looks at.
     *
     * @param peer the other end of a veth pair, where that is in the host's namespace too
     * @param isBack whether it was in use, in a container, and is not any more
     */
    private record Presence(String name, int index, OptionalInt peer, boolean isBack) {
        static Presence of(Link link) {
            return new Presence(
                    link.name(),
                    link.index(),
                    link.isPeerElsewhere() ? OptionalInt.empty() : link.peer(),
                    link.master().isEmpty() && !link.isUp() && link.carrierUpCount() > 0);
        }
    }

    @Override
    public Optional<InterfaceName> towards(IpAddress address) {
        return KernelCalls.get(() -> routes.to(address)
                .map(Route::link)
                .filter(OptionalInt::isPresent)
                .flatMap(link -> links.find(link.getAsInt()))
                .map(Link::name)
                .filter(InterfaceName::isValid)
                .map(InterfaceName::new));
    }

    @Override
    public Set<HostLink> standalone() {
        return KernelCalls.get(() -> {
            Set<Integer> addressed =
                    addresses.list().stream().map(LinkAddress::link).collect(Collectors.toSet());
            return Set.copyOf(links.select(each -> Optional.of(each)
                    .filter(link -> !link.isLoopback() && link.master().isEmpty())
                    .filter(link -> !HostBridges.isGuest(link) || addressed.contains(link.index()))
                    .filter(link -> InterfaceName.isValid(link.name()))
                    .map(link -> new HostLink(new InterfaceName(link.name()), link.index()))));
        });
    }

    @Override
    public List<HostBridge> bridges() {
        return KernelCalls.get(
                () -> HostBridges.among(links.select(HostBridges::concerned), addresses.list(), defaultRouteLinks()));
    }

    private Set<Integer> defaultRouteLinks() {
        return allRoutes.select(route -> Optional.of(route).filter(Route::isDefault)).stream()
                .flatMap(route -> route.links().stream())
                .collect(Collectors.toSet());
    }

    private void make(BridgePlan plan) {
        Link bridge = created(
                "bridges",
                "BRIDGE",
                () -> links.create(new BridgeCreation(plan.name(), plan.mac(), plan.mtu(), plan.alias())));
        try {
            configure(bridge, plan);
        } catch (RuntimeException e) {
            throw undone(bridge, e);
        }
    }

    private void mend(Link bridge, BridgePlan plan) {
        if (!(bridge.kind().orElse(null) instanceof LinkKind.Bridge)) {
            throw EngineException.conflict("link " + plan.name() + " is not a bridge");
        }
        if (bridge.alias().isEmpty()) {
            links.setAlias(bridge.index(), plan.alias());
        }
        Optional<MacAddress> mac = bridge.mac();
        if (!mac.equals(Optional.of(plan.mac()))) {
            links.setMac(bridge.index(), plan.mac());
        }
        if (bridge.mtu() != plan.mtu()) {
            links.setMtu(bridge.index(), plan.mtu());
        }
        configure(bridge, plan);
        if (!bridge.isUp()) {
            links.setUp(bridge.index());
        }
    }

    private void configure(Link bridge, BridgePlan plan) {
        int index = bridge.index();
        vlans.settleBridge(bridge, plan);
        if (plan.promiscuous()) {
            links.setPromiscuous(index, true);
        }
        configureIpv6(plan);
        // A packet for 127.0.0.1 of the host leaves by the bridge after its translation, with a source that only
        // masquerading corrects.
        setting("ipv4", plan, "route_localnet", "1");
        // Loose: the way back of a translated packet may be another one. The kernel takes the larger of this and "all".
        setting("ipv4", plan, "rp_filter", "2");
        Set<IpPrefix> present =
                addresses.list(index).stream().map(LinkAddress::prefix).collect(Collectors.toSet());
        for (IpPrefix address : plan.addresses()) {
            if (!present.contains(address)) {
                addresses.add(AddressAddition.of(index, address));
            }
        }
    }

    private void configureIpv6(BridgePlan plan) {
        boolean available = settings.read(key("ipv6", plan, "disable_ipv6")).isPresent();
        if (!available && plan.ipv6()) {
            throw new EngineException(
                    ErrorCode.UNSUPPORTED, "bridge " + plan.name() + " cannot have IPv6: this host runs without it");
        }
        if (available) {
            // Containers are not trusted to advertise routes, and nobody else can have the addresses of a bridge
            // without ports yet.
            setting("ipv6", plan, "accept_ra", "0");
            setting("ipv6", plan, "accept_dad", "0");
            setting("ipv6", plan, "disable_ipv6", plan.ipv6() ? "0" : "1");
        }
    }

    private void setting(String family, BridgePlan plan, String name, String value) {
        settings.write(key(family, plan, name), value);
    }

    private static String key(String family, BridgePlan plan, String name) {
        return "net/" + family + "/conf/" + plan.name() + "/" + name;
    }

    /** Whether there was one. */
    private boolean remove(LinkIdentity own) {
        return KernelCalls.get(() -> {
            Optional<Link> link = links.find(own.name());
            if (link.isPresent()) {
                requireOwn(link.get(), own);
                deletion.delete(link.get().index());
            }
            return link.isPresent();
        });
    }

    private static void requireOwn(Link link, LinkIdentity own) {
        if (!own.isOf(link)) {
            throw EngineException.conflict(
                    "link " + own.name() + " exists and is not this network's: remove it, or choose another name");
        }
    }

    /** A kernel that does not know a kind of link says EOPNOTSUPP (net/core/rtnetlink.c, __rtnl_newlink). */
    private static Link created(String kinds, String configuration, Supplier<Link> creation) {
        try {
            return creation.get();
        } catch (KernelException e) {
            // Of a bridge whose ports are all taken: BR_MAX_PORTS (net/bridge/br_if.c, find_portno).
            if (e.errno().equals(Errno.EXFULL)) {
                throw new EngineException(
                        ErrorCode.EXHAUSTED,
                        "cannot %s %s: its bridge has no port left, Linux gives a bridge 1023: put the container on another network"
                                .formatted(e.operation(), e.object()),
                        e);
            }
            if (!e.errno().equals(Errno.EOPNOTSUPP)) {
                throw e;
            }
            throw new EngineException(
                    ErrorCode.UNSUPPORTED,
                    "cannot %s %s: this kernel lacks %s (CONFIG_%s): load them (modprobe %s) or boot a kernel that has them"
                            .formatted(
                                    e.operation(),
                                    e.object(),
                                    kinds,
                                    configuration,
                                    configuration.toLowerCase(Locale.ROOT)),
                    e);
        }
    }
}
