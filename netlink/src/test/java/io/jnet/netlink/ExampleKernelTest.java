package io.jnet.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.address.AddressAddition;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.BridgeCreation;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Ipv6AddressGeneration;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.link.VethCreation;
import io.jnet.netlink.link.VethEnd;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.route.RouteAddition;
import io.jnet.netlink.route.Routes;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The library as a user would write against it: what a container engine does for one container. */
@KernelTest
class ExampleKernelTest {
    private static final InterfaceName ETH0 = new InterfaceName("eth0");
    private static final IpPrefix GATEWAY = IpPrefix.parse("10.77.0.1/24");

    @Test
    void connectsAContainerToABridge() throws Exception {
        try (FreshNamespace container = FreshNamespace.create();
                NetworkNamespace inside = container.call(NetworkNamespace::current);
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            Links links = Links.over(socket);
            Link bridge = links.create(new BridgeCreation(
                    new InterfaceName("jbr-example"), MacAddress.parse("02:42:0a:4d:00:01"), 1500, "example"));
            Addresses.over(socket).add(AddressAddition.of(bridge.index(), GATEWAY));

            Link veth = links.create(VethCreation.of(
                            VethEnd.of(new InterfaceName("jvexample")),
                            VethEnd.of(ETH0, MacAddress.parse("02:42:0a:4d:00:02")))
                    .withMtu(1500)
                    .withMaster(bridge.index(), Set.of())
                    .withIpv6AddressGeneration(Ipv6AddressGeneration.NONE)
                    .withPeerNamespace(inside.descriptor()));

            // The socket is bound to the container's namespace for good; the code that uses it runs here.
            try (NetlinkSocket peer = inside.run(() -> NetlinkSocket.open(NetlinkProtocol.ROUTE))) {
                int eth0 = Links.over(peer).find(ETH0).orElseThrow().index();
                Links.over(peer).setUp(eth0);
                Addresses.over(peer).add(AddressAddition.of(eth0, IpPrefix.parse("10.77.0.2/24")));
                Routes.over(peer).add(RouteAddition.via(IpPrefix.parse("0.0.0.0/0"), eth0, GATEWAY.address()));
            }

            assertThat(Commands.run("ping", "-c", "1", "-W", "5", "10.77.0.2")).contains(" 0% packet loss");
            assertThat(container.call(() -> Commands.run("ip", "route", "get", "192.0.2.1")))
                    .contains("via " + IpAddress.parse("10.77.0.1") + " dev eth0");

            links.deleteAll(List.of(veth.index(), bridge.index()));
            container.assertNothingRemains();
        }
    }
}
