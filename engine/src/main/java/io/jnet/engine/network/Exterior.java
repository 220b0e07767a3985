package io.jnet.engine.network;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a network meets what is outside of it.
 *
 * @param ipv4 what is particular to IPv4
 * @param ipv6 what is particular to IPv6
 * @param trusted interfaces of the host from which published ports are reached at the containers' own addresses, each once; a name need
 *     not exist
 * @param routes what every container gets beside its default route, no destination twice
 * @param publish who outside of the host is let in, as far as the network says
 */
public record Exterior(
        FamilyPolicy ipv4,
        FamilyPolicy ipv6,
        List<InterfaceName> trusted,
        List<StaticRoute> routes,
        PublishPolicy publish) {
    /** Translation in both families, nobody trusted, no routes, everybody let in. */
    public static final Exterior DEFAULT =
            new Exterior(FamilyPolicy.DEFAULT, FamilyPolicy.DEFAULT, List.of(), List.of());

    /** A network that lets everybody in. */
    public Exterior(FamilyPolicy ipv4, FamilyPolicy ipv6, List<InterfaceName> trusted, List<StaticRoute> routes) {
        this(ipv4, ipv6, trusted, routes, PublishPolicy.OPEN);
    }

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when a part is of another family, or a destination is there twice
     */
    public Exterior {
        trusted = trusted.stream().distinct().toList();
        routes = List.copyOf(routes);
        // Absent in records of earlier versions.
        publish = publish == null ? PublishPolicy.OPEN : publish;
        ipv4.check(AddressFamily.INET);
        ipv6.check(AddressFamily.INET6);
        Set<Object> destinations = new HashSet<>();
        for (StaticRoute route : routes) {
            if (!destinations.add(route.destination())) {
                throw EngineException.invalid("two routes to " + route.destination());
            }
        }
    }

    /** The same with somebody else's word of who is let in. */
    public Exterior publishing(PublishPolicy policy) {
        return new Exterior(ipv4, ipv6, trusted, routes, policy);
    }

    /** What is particular to a family. */
    public FamilyPolicy policy(AddressFamily family) {
        return family == AddressFamily.INET ? ipv4 : ipv6;
    }

    /** How a family meets the outside. */
    public GatewayMode mode(AddressFamily family) {
        return policy(family).mode();
    }

    /** Checks against what else the network is: {@code INVALID_REQUEST} with what to do. */
    void check(List<Subnet> subnets, Set<NetworkFlag> flags) {
        boolean internal = flags.contains(NetworkFlag.INTERNAL);
        boolean isolated = ipv4.mode() == GatewayMode.ISOLATED || ipv6.mode() == GatewayMode.ISOLATED;
        if (isolated && !internal) {
            throw EngineException.invalid("gateway mode isolated is for internal networks only: add --internal");
        }
        if (internal && !routes.isEmpty()) {
            throw EngineException.invalid("route to " + routes.get(0).destination() + ": an internal network has none");
        }
        for (StaticRoute route : routes) {
            checkRoute(route, subnets);
        }
    }

    private static void checkRoute(StaticRoute route, List<Subnet> subnets) {
        if (subnets.stream().anyMatch(subnet -> subnet.prefix().equals(route.destination()))) {
            throw EngineException.invalid("route to " + route.destination() + ": that is the network's own subnet");
        }
        if (subnets.stream()
                .noneMatch(subnet -> subnet.family() == route.destination().family())) {
            throw EngineException.invalid(
                    "route to " + route.destination() + ": the network has no subnet of its family");
        }
        route.nextHop().ifPresent(hop -> checkNextHop(route, hop, subnets));
    }

    private static void checkNextHop(StaticRoute route, IpAddress hop, List<Subnet> subnets) {
        if (subnets.stream().noneMatch(subnet -> subnet.isUsable(hop))) {
            throw EngineException.invalid("route to " + route.destination() + ": next hop " + hop
                    + " is no host's address in a subnet of the network");
        }
    }
}
