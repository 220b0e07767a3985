package io.jnet.engine.link;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressAddition;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.route.RouteAddition;
import io.jnet.netlink.route.Routes;
import io.jnet.netlink.sysctl.InterfaceSysctl;

/** Configures a container's interface from inside its namespace, where the link is already. */
final class ContainerConfiguration {
    private final ContainerSide side;

    ContainerConfiguration(ContainerSide side) {
        this.side = side;
    }

    /**
     * Gives the interface its addresses, sets it up and adds its routes.
     *
     * @throws KernelException when the namespace, or anything in it, refuses
     */
    void apply() {
        try {
            side.namespace().run(() -> {
                try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
                    configure(socket);
                }
                return side;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void configure(NetlinkSocket socket) {
        Links links = Links.over(socket);
        Link link = links.find(side.name())
                .orElseThrow(() -> new KernelException("find", side.name().toString(), Errno.ENODEV));
        boolean ipv6 = side.addresses().stream().anyMatch(address -> address.family() == AddressFamily.INET6);
        if (ipv6) {
            enableIpv6();
        }
        // A neighbour that knows another MAC address for one of these is told when the link comes up.
        InterfaceSysctl.ipv4(side.name(), "arp_notify").write("1");
        Addresses addresses = Addresses.over(socket);
        for (IpPrefix address : side.addresses()) {
            AddressAddition addition = AddressAddition.of(link.index(), address);
            addresses.add(side.duplicateDetection() ? addition.withDuplicateDetection() : addition);
        }
        links.setUp(link.index());
        Routes routes = Routes.over(socket);
        for (ContainerRoute route : side.routes()) {
            // A container on several networks may be given several default routes.
            routes.append(route.gateway()
                    .map(gateway -> RouteAddition.via(route.destination(), link.index(), gateway))
                    .orElseGet(() -> RouteAddition.onLink(route.destination(), link.index())));
        }
    }

    /** Runtimes make namespaces in which IPv6 is off; an address is asked for, so it is wanted. */
    private void enableIpv6() {
        InterfaceSysctl ofLink = InterfaceSysctl.ipv6(side.name(), "disable_ipv6");
        if (ofLink.read().filter("1"::equals).isPresent()) {
            ofLink.write("0");
        }
        InterfaceSysctl.ipv6(side.name(), "accept_dad").write(side.duplicateDetection() ? "1" : "0");
    }
}
