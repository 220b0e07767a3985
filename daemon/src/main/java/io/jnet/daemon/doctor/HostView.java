package io.jnet.daemon.doctor;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.firewall.HostFilters;
import io.jnet.engine.firewall.KernelHostFilters;
import io.jnet.engine.host.HostIdentity;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.neighbour.Neighbours;
import io.jnet.netlink.nftables.BaseChain;
import io.jnet.netlink.nftables.BaseChainReader;
import io.jnet.netlink.nftables.ChainReader;
import io.jnet.netlink.nftables.ChainReference;
import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.NftablesException;
import io.jnet.netlink.nftables.TableReader;
import io.jnet.netlink.route.Route;
import io.jnet.netlink.route.Routes;
import io.jnet.netlink.sysctl.SettingFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the checks look at: the network namespace of the thread that opened it, and what the daemon says. Links, addresses, routes and chains are
 * those of the moment after it has said so. One thread.
 */
public final class HostView implements AutoCloseable {
    private static final Path SETTINGS = Path.of("/proc/sys");

    private final Function<String, Optional<String>> settings;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final NetlinkSocket routing;
    private final NetlinkSocket filtering;
    private DaemonSays daemon = DaemonSays.without(DaemonSays.Reach.ABSENT, "not asked yet");
    private Set<String> linksBefore = Set.of();
    private List<Link> links = List.of();
    private List<Route> routes = List.of();
    private List<NetworkSeen> networks = List.of();
    private List<BaseChain> baseChains = List.of();
    private HostFilters filters = HostFilters.NONE;

    private HostView(Function<String, Optional<String>> settings) {
        this.settings = settings;
        routing = remember(NetlinkSocket.open(NetlinkProtocol.ROUTE));
        filtering = remember(NetlinkSocket.open(NetlinkProtocol.NETFILTER));
    }

    /**
     * Looks at the host of the calling thread.
     *
     * @param daemon asks the daemon; called once, after a first look at the links
     */
    public static HostView open(Supplier<DaemonSays> daemon) {
        return open(daemon, HostView::readSetting);
    }

    /** The same with settings from elsewhere, by their place below {@code /proc/sys}. */
    static HostView open(Supplier<DaemonSays> daemon, Function<String, Optional<String>> settings) {
        HostView view = new HostView(settings);
        try {
            view.look(daemon);
            return view;
        } catch (RuntimeException failure) {
            view.close();
            throw failure;
        }
    }

    private void look(Supplier<DaemonSays> question) {
        Set<String> before = names(Links.over(routing).list());
        daemon = question.get();
        links = Links.over(routing).list();
        before.retainAll(names(links));
        linksBefore = before;
        routes = Routes.over(routing).list();
        networks = new NetworkList(links, Addresses.over(routing).list()).of(daemon);
        if (isPermitted()) {
            baseChains = new BaseChainReader(filtering).list();
            try (KernelHostFilters view = KernelHostFilters.open()) {
                filters = view.look();
            }
        }
    }

    private static Set<String> names(List<Link> links) {
        return links.stream().map(Link::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    DaemonSays daemon() {
        return daemon;
    }

    /** Whether this process may look at rules. */
    boolean isPermitted() {
        try {
            HostIdentity.requireNetworkAdministration();
            return true;
        } catch (EngineException missing) {
            return false;
        }
    }

    /** jnet's networks that have a bridge. */
    List<NetworkSeen> networks() {
        return networks;
    }

    /** Those of them that the outside is reached from. */
    List<NetworkSeen> networksWithOutside() {
        return networks.stream().filter(network -> !network.internal()).toList();
    }

    List<Link> links() {
        return links;
    }

    /** The names of those that were there before the daemon was asked as well. */
    Set<String> linksBefore() {
        return linksBefore;
    }

    Optional<Link> link(int index) {
        return links.stream().filter(link -> link.index() == index).findFirst();
    }

    /** Routes but those of the host's own addresses. */
    List<Route> routes() {
        return routes.stream()
                .filter(route -> route.type() == Route.UNICAST && route.table() != Route.LOCAL_TABLE)
                .toList();
    }

    /** The links that default routes of a family lead by, those of the best ones first; a link once. */
    List<Link> uplinks(AddressFamily family) {
        Set<Integer> seen = new HashSet<>();
        return routes().stream()
                .filter(route -> route.isDefault() && route.family() == family)
                .sorted((one, other) -> Long.compare(one.priority(), other.priority()))
                .flatMap(route -> route.links().stream())
                .filter(seen::add)
                .flatMap(index -> link(index).stream())
                .toList();
    }

    /** How many neighbours of a family the host knows, without those that do not count towards the table's limit. */
    long neighbours(AddressFamily family) {
        return Neighbours.over(routing).list().stream()
                .filter(one -> one.address().family() == family && !one.isPermanent() && !one.isLearned())
                .count();
    }

    /** By which entry of the host's tables a packet of the host to this address goes; empty when there is none. */
    Optional<Route> routeTo(IpAddress destination) {
        try {
            return Routes.over(routing).entryFor(destination);
        } catch (NetlinkException refused) {
            // A blackhole and its like.
            return Optional.empty();
        }
    }

    /** A setting by its place below {@code /proc/sys}: {@code net/ipv4/ip_forward}. */
    Optional<String> setting(String key) {
        return settings.apply(key);
    }

    /** A setting that is a number; empty when there is none, or it is something else. */
    Optional<Long> number(String key) {
        return setting(key).filter(text -> text.matches("[0-9]{1,18}")).map(Long::valueOf);
    }

    /** Firewalls beside jnet's. */
    HostFilters filters() {
        return filters;
    }

    List<BaseChain> baseChains() {
        return baseChains;
    }

    /** Whether there is {@code table inet NAME}. */
    boolean hasTable(String name) {
        return new TableReader(filtering, name).comment().isPresent();
    }

    /** Whether a rule of {@code table inet NAME} holds these bytes. */
    boolean mentionsAny(String table, List<byte[]> texts) {
        return new TableReader(filtering, table).mentionsAny(texts);
    }

    /** Whether a rule of a chain holds these bytes. */
    boolean mentions(BaseChain chain, byte[] bytes) {
        return new BaseChainReader(filtering).mentions(chain, bytes);
    }

    boolean hasChain(ChainReference chain) {
        return new ChainReader(filtering).exists(chain);
    }

    /** The chains that the rules of a chain lead to. */
    Set<String> targets(ChainReference chain) {
        return new ChainReader(filtering)
                .targets(chain).stream().flatMap(Optional::stream).collect(Collectors.toSet());
    }

    /** Why libnftables cannot be used; empty when it can. */
    Optional<String> libraryProblem() {
        try {
            Nftables.open().close();
            return Optional.empty();
        } catch (NftablesException missing) {
            return Optional.of(missing.getMessage());
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot close what was looked through: " + e.getMessage(), e);
            }
        }
    }

    private <T extends AutoCloseable> T remember(T resource) {
        opened.push(resource);
        return resource;
    }

    private static Optional<String> readSetting(String key) {
        try {
            return Optional.of(SettingFile.read(SETTINGS.resolve(key)));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
