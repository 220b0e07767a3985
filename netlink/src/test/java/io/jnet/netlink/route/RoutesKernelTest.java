package io.jnet.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressAddition;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.VethCreation;
import io.jnet.netlink.link.VethEnd;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KernelTest
class RoutesKernelTest {
    private static final IpAddress GATEWAY = IpAddress.parse("198.51.100.1");

    private NetlinkSocket socket;
    private Links links;
    private Routes routes;
    private int link;

    @BeforeEach
    void makeLink() {
        socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
        links = Links.over(socket);
        routes = Routes.over(socket);
        Link host = links.create(
                VethCreation.of(VethEnd.of(new InterfaceName("jvhost")), VethEnd.of(new InterfaceName("jvpeer"))));
        links.setUp(host.peer().orElseThrow());
        link = host.index();
        Addresses.over(socket).add(AddressAddition.of(link, IpPrefix.parse("198.51.100.2/24")));
    }

    @AfterEach
    void deleteLink() {
        links.delete(link);
        socket.close();
    }

    @Test
    void addsListsAndDeletesADefaultRoute() {
        RouteAddition addition = RouteAddition.via(IpPrefix.parse("0.0.0.0/0"), link, GATEWAY)
                .withPreferredSource(IpAddress.parse("198.51.100.2"));
        routes.add(addition);
        assertThat(Commands.run("ip", "route", "show", "default"))
                .contains("default via 198.51.100.1 dev jvhost proto static src 198.51.100.2");

        Route route = find("0.0.0.0/0").orElseThrow();
        assertThat(route.isDefault()).isTrue();
        assertThat(route.gateway()).contains(GATEWAY);
        assertThat(route.link()).hasValue(link);
        assertThat(route.preferredSource()).contains(IpAddress.parse("198.51.100.2"));
        assertThat(route.table()).isEqualTo(Route.MAIN_TABLE);
        assertThat(route.type()).isEqualTo(Route.UNICAST);

        assertThatThrownBy(() -> routes.add(addition)).isInstanceOf(NetlinkException.class);
        assertThat(routes.delete(addition)).isTrue();
        assertThat(routes.delete(addition)).isFalse();
    }

    @Test
    void listsAllTablesOfBothFamilies() {
        routes.add(RouteAddition.onLink(IpPrefix.parse("203.0.113.0/24"), link).inTable(1234));
        routes.add(RouteAddition.onLink(IpPrefix.parse("2001:db8:5::/64"), link));
        assertThat(find("203.0.113.0/24").orElseThrow().table()).isEqualTo(1234);
        assertThat(find("2001:db8:5::/64").orElseThrow().table()).isEqualTo(Route.MAIN_TABLE);
        assertThat(find("198.51.100.2/32").orElseThrow().table()).isEqualTo(Route.LOCAL_TABLE);
        assertThat(find("198.51.100.0/24").orElseThrow().protocol()).isEqualTo(2);
        assertThat(Commands.run("ip", "route", "show", "table", "1234")).contains("203.0.113.0/24 dev jvhost");
        routes.delete(
                RouteAddition.onLink(IpPrefix.parse("203.0.113.0/24"), link).inTable(1234));
    }

    @Test
    void listsARouteWithSeveralNextHops() {
        Commands.run(
                "ip",
                "route",
                "add",
                "203.0.113.0/24",
                "nexthop",
                "via",
                "198.51.100.1",
                "weight",
                "3",
                "nexthop",
                "via",
                "198.51.100.9",
                "onlink",
                "dev",
                "jvhost");
        Route route = routes.list().stream()
                .filter(listed -> listed.destination().equals(IpPrefix.parse("203.0.113.0/24")))
                .findFirst()
                .orElseThrow();
        assertThat(route.link()).isEmpty();
        assertThat(route.links()).containsExactly(link);
        assertThat(route.nextHops().stream().map(NextHop::gateway).map(Optional::orElseThrow))
                .containsExactly(GATEWAY, IpAddress.parse("198.51.100.9"));
        assertThat(route.nextHops().get(0).hops()).isEqualTo(2);
        assertThat(Attributes.of(RouteAttribute.RTA_MULTIPATH, route.nextHops()).list())
                .isSubsetOf(route.attributes().list());
    }

    @Test
    void reportsAGatewayOutOfReach() {
        RouteAddition unreachable =
                RouteAddition.via(IpPrefix.parse("203.0.113.0/24"), link, IpAddress.parse("192.0.2.1"));
        assertThatThrownBy(() -> routes.add(unreachable))
                .hasMessage("add route 203.0.113.0/24 via 192.0.2.1 by link " + link
                        + ": network is unreachable (ENETUNREACH): Nexthop has invalid gateway");
    }

    private Optional<Route> find(String destination) {
        return routes.list().stream()
                .filter(route -> route.destination().equals(IpPrefix.parse(destination)))
                .filter(route -> route.type() <= 2 && route.link().equals(OptionalInt.of(link)))
                .findFirst();
    }
}
