package io.jnet.netlink.route;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.Optional;

/**
 * A unicast route with one next hop, to be added or deleted.
 *
 * @param destination where it leads; host bits must be zero
 * @param link the index of the link that it leaves by
 * @param gateway the next router; empty for a destination on the link
 * @param preferredSource the source address for packets of the host
 * @param table the table's number
 * @param options what else it has
 */
public record RouteAddition(
        IpPrefix destination,
        int link,
        Optional<IpAddress> gateway,
        Optional<IpAddress> preferredSource,
        long table,
        RouteOptions options) {

    /** A route to a destination on the link, in the main table. */
    public static RouteAddition onLink(IpPrefix destination, int link) {
        return new RouteAddition(
                destination, link, Optional.empty(), Optional.empty(), Route.MAIN_TABLE, RouteOptions.NONE);
    }

    /** A route by a router, in the main table. */
    public static RouteAddition via(IpPrefix destination, int link, IpAddress gateway) {
        return new RouteAddition(
                destination, link, Optional.of(gateway), Optional.empty(), Route.MAIN_TABLE, RouteOptions.NONE);
    }

    /** The same in another table. */
    public RouteAddition inTable(long number) {
        return new RouteAddition(destination, link, gateway, preferredSource, number, options);
    }

    /** The same with a source address for packets of the host. */
    public RouteAddition withPreferredSource(IpAddress source) {
        return new RouteAddition(destination, link, gateway, Optional.of(source), table, options);
    }

    /** The same with more that it has. */
    public RouteAddition with(RouteOptions more) {
        return new RouteAddition(destination, link, gateway, preferredSource, table, more);
    }

    @Override
    public String toString() {
        return destination + gateway.map(router -> " via " + router).orElse("") + " by link " + link
                + (table == Route.MAIN_TABLE ? "" : " in table " + table);
    }
}
