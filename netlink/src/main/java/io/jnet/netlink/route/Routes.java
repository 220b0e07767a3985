package io.jnet.netlink.route;

import static io.jnet.netlink.NetlinkFlags.NLM_F_APPEND;
import static io.jnet.netlink.NetlinkFlags.NLM_F_CREATE;
import static io.jnet.netlink.NetlinkFlags.NLM_F_EXCL;
import static io.jnet.netlink.RouteMessage.RTM_DELROUTE;
import static io.jnet.netlink.RouteMessage.RTM_GETROUTE;
import static io.jnet.netlink.RouteMessage.RTM_NEWROUTE;
import static io.jnet.netlink.route.RouteAttribute.RTA_DST;
import static io.jnet.netlink.route.RouteAttribute.RTA_GATEWAY;
import static io.jnet.netlink.route.RouteAttribute.RTA_METRICS;
import static io.jnet.netlink.route.RouteAttribute.RTA_OIF;
import static io.jnet.netlink.route.RouteAttribute.RTA_PREFSRC;
import static io.jnet.netlink.route.RouteAttribute.RTA_PRIORITY;
import static io.jnet.netlink.route.RouteAttribute.RTA_TABLE;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Errno;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The routes of one network namespace: that of the socket, which stays the caller's to close. */
public final class Routes {
    private static final int RTPROT_STATIC = 4;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RT_TABLE_UNSPEC = 0;
    private static final long RTM_F_LOOKUP_TABLE = 0x1000;
    private static final long RTM_F_FIB_MATCH = 0x2000;

    private final NetlinkSocket socket;

    private Routes(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param socket a route socket
     */
    public static Routes over(NetlinkSocket socket) {
        return new Routes(socket);
    }

    /** The IPv4 and IPv6 routes of all tables. */
    public List<Route> list() {
        return select(Optional::of);
    }

    /**
     * What is wanted of the IPv4 and IPv6 routes of all tables: a router may have a million, which need not all be kept.
     *
     * @param selection what to keep of a route; again for each time that the list is read
     */
    public <T> List<T> select(Function<Route, Optional<T>> selection) {
        return socket.dump(NetlinkRequest.of(RTM_GETROUTE, RouteHeader.all(), "list", "routes"), message -> {
            Route route = Route.decode(message);
            return route.isInternet() ? selection.apply(route) : Optional.empty();
        });
    }

    /**
     * The route that a packet of the host to this address takes; empty when there is none.
     *
     * @throws NetlinkException EACCES and the like when a route says that there is to be none
     */
    public Optional<Route> to(IpAddress destination) {
        return lookUp(destination, 0);
    }

    /**
     * The entry of the host's tables that {@link #to} is decided by, as {@link #list} has it: with its own destination, table and metric;
     * empty when there is none.
     *
     * @throws NetlinkException EACCES and the like when a route says that there is to be none
     */
    public Optional<Route> entryFor(IpAddress destination) {
        // IPv6 has the table in its answer in any case, and refuses to be asked for it.
        long table = destination.family() == AddressFamily.INET ? RTM_F_LOOKUP_TABLE : 0;
        return lookUp(destination, RTM_F_FIB_MATCH | table);
    }

    private Optional<Route> lookUp(IpAddress destination, long flags) {
        RouteHeader header = new RouteHeader(
                destination.family().number(),
                destination.family().addressBits(),
                0,
                0,
                RT_TABLE_UNSPEC,
                0,
                0,
                0,
                flags);
        NetlinkRequest request = NetlinkRequest.of(RTM_GETROUTE, header, "find route to", destination.toString())
                .withAttributes(Attributes.of(RTA_DST, destination));
        try {
            return socket.request(request).stream().map(Route::decode).findFirst();
        } catch (NetlinkException failure) {
            if (failure.errno().equals(Errno.ENETUNREACH) || failure.errno().equals(Errno.EHOSTUNREACH)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** What the kernel takes for its own in a family: addresses of links, 127.0.0.0/8, and prefixes that somebody made local. */
    public List<IpPrefix> localDestinations(AddressFamily family) {
        // Kernels before 4.20 pass the table and type over and list everything.
        RouteHeader local = new RouteHeader(
                family.number(), 0, 0, 0, (int) Route.LOCAL_TABLE, 0, RT_SCOPE_UNIVERSE, Route.LOCAL, 0);
        return socket.dump(NetlinkRequest.of(RTM_GETROUTE, local, "list", "local routes"), message -> {
            Route route = Route.decode(message);
            boolean wanted = route.isInternet() && route.family() == family && route.type() == Route.LOCAL;
            return wanted ? Optional.of(route.destination()) : Optional.empty();
        });
    }

    /**
     * Adds a route.
     *
     * @throws NetlinkException EEXIST when there is one to the same destination in the table, ENETUNREACH when the gateway is on no link
     */
    public void add(RouteAddition route) {
        socket.request(request(RTM_NEWROUTE, "add route", route).withFlags(NLM_F_CREATE | NLM_F_EXCL));
    }

    /**
     * Adds a route beside others to the same destination. Of those with one metric the kernel chooses for each flow (IPv6), or when it doubts
     * that a router is there (IPv4); one with a higher metric counts when those before it have gone.
     *
     * @throws NetlinkException EEXIST when there is the very same one, ENETUNREACH when the gateway is on no link
     */
    public void append(RouteAddition route) {
        socket.request(request(RTM_NEWROUTE, "add route", route).withFlags(NLM_F_CREATE | NLM_F_APPEND));
    }

    /**
     * Deletes a route.
     *
     * @return whether there was such a route
     */
    public boolean delete(RouteAddition route) {
        try {
            socket.request(request(RTM_DELROUTE, "delete route", route));
            return true;
        } catch (NetlinkException failure) {
            if (failure.errno().equals(Errno.ESRCH) || failure.errno().equals(Errno.ENODEV)) {
                return false;
            }
            throw failure;
        }
    }

    private static NetlinkRequest request(int type, String operation, RouteAddition route) {
        RouteHeader header = new RouteHeader(
                route.destination().family().number(),
                route.destination().length(),
                0,
                0,
                RT_TABLE_UNSPEC,
                RTPROT_STATIC,
                route.options().scope().orElse(route.gateway().isPresent() ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK),
                Route.UNICAST,
                0);
        Attributes attributes = Attributes.of(RTA_DST, route.destination().address())
                .with(RTA_OIF, route.link())
                .with(RTA_TABLE, route.table())
                .with(RTA_GATEWAY, route.gateway())
                .with(RTA_PREFSRC, route.preferredSource());
        if (route.options().priority().isPresent()) {
            attributes =
                    attributes.with(RTA_PRIORITY, route.options().priority().getAsLong());
        }
        return NetlinkRequest.of(type, header, operation, route.toString())
                .withAttributes(attributes.with(RTA_METRICS, route.options().metrics()));
    }
}
