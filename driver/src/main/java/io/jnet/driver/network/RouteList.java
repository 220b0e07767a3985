package io.jnet.driver.network;

import io.jnet.engine.network.StaticRoute;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code io.jnet.routes}: {@code 10.9.0.0/16 via 10.77.0.5, 192.0.2.0/24}. */
final class RouteList {
    private static final Pattern ROUTE = Pattern.compile("(\\S+)(?:\\s+via\\s+(\\S+))?");

    private RouteList() {}

    /**
     * The routes, separated by commas, each a destination and, but for one on the network itself, {@code via} and a next hop.
     *
     * @throws io.jnet.engine.failure.EngineException for anything else
     */
    static List<StaticRoute> parse(OptionValue value) {
        List<StaticRoute> routes = new ArrayList<>();
        for (String part : value.text().split(",", -1)) {
            if (!part.isBlank()) {
                routes.add(route(new OptionValue(value.key(), part.strip())));
            }
        }
        return routes;
    }

    private static StaticRoute route(OptionValue text) {
        Matcher parts = ROUTE.matcher(text.text());
        if (!parts.matches()) {
            throw text.invalid("want \"DESTINATION via NEXT-HOP\" or \"DESTINATION\"");
        }
        IpPrefix destination = new OptionValue(text.key(), parts.group(1)).as(IpPrefix::parse);
        Optional<IpAddress> nextHop =
                Optional.ofNullable(parts.group(2)).map(hop -> new OptionValue(text.key(), hop).as(IpAddress::parse));
        return new StaticRoute(destination, nextHop);
    }
}
