package io.jnet.ipam.host;

import io.jnet.engine.failure.EngineException;
import io.jnet.ipam.pool.HostRanges;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.route.Route;
import io.jnet.netlink.route.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Routes and addresses of the network namespace that the calling thread is in, name servers of {@code resolv.conf}. */
public final class KernelHostRanges implements HostRanges {
    private static final String NAME_SERVER = "nameserver";

    /** Shorter ones are default routes: some VPNs split theirs into two of length 1. */
    private static final int SHORTEST = 2;

    private final Path resolverFile;

    /**
     * @param resolverFile usually {@code /etc/resolv.conf}; may be missing
     */
    public KernelHostRanges(Path resolverFile) {
        this.resolverFile = resolverFile;
    }

    @Override
    public Set<IpPrefix> known() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            List<IpPrefix> routes = Routes.over(socket).select(route -> Optional.of(route.destination()));
            List<LinkAddress> addresses = Addresses.over(socket).list();
            return Stream.of(
                            routes.stream(),
                            addresses.stream().map(address -> address.prefix().network()),
                            nameServers())
                    .flatMap(ranges -> ranges)
                    .filter(range -> range.length() >= SHORTEST)
                    .collect(Collectors.toSet());
        } catch (KernelException e) {
            throw EngineException.kernel(e);
        }
    }

    @Override
    public Set<IpPrefix> directHalves() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            return Set.copyOf(Routes.over(socket).select(route -> Optional.of(route)
                    .filter(KernelHostRanges::isDirect)
                    .map(Route::destination)
                    .filter(destination -> destination.length() > 0 && destination.length() < SHORTEST)));
        } catch (KernelException e) {
            throw EngineException.kernel(e);
        }
    }

    /** As dockerd looks at them (libnetwork/netutils): newer ones pass the half that begins with 0.0.0.0 over. */
    private static boolean isDirect(Route route) {
        return route.type() == Route.UNICAST
                && route.table() == Route.MAIN_TABLE
                && route.family() == AddressFamily.INET
                && !route.destination().address().isAny()
                && route.gateway().isEmpty()
                && route.nextHops().isEmpty();
    }

    private Stream<IpPrefix> nameServers() {
        try {
            return Files.readAllLines(resolverFile).stream()
                    .map(String::strip)
                    .filter(line -> line.startsWith(NAME_SERVER))
                    .map(line -> line.substring(NAME_SERVER.length()).strip())
                    .flatMap(text -> address(text).stream())
                    .map(address -> new IpPrefix(address, address.family().addressBits()));
        } catch (IOException missing) {
            // A host without the file asks 127.0.0.1 (resolv.conf(5)).
            return Stream.empty();
        }
    }

    /** Without the zone of a link-local address; what is no address is the resolver's to complain about. */
    private static Optional<IpAddress> address(String text) {
        try {
            return Optional.of(IpAddress.parse(text.replaceFirst("[%\\s].*$", "")));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
