package io.jnet.engine.link;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressAddition;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Ipv6AddressGeneration;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.route.Route;
import io.jnet.netlink.route.RouteAddition;
import io.jnet.netlink.route.RouteOptions;
import io.jnet.netlink.route.Routes;
import io.jnet.netlink.sysctl.InterfaceSysctl;
import io.jnet.netlink.sysctl.NetworkSetting;
import io.jnet.netlink.sysctl.SysctlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Configures a container's interface in its namespace, where the link is already. */
public final class ContainerConfiguration {
    private static final InterfaceName LOOPBACK = new InterfaceName("lo");
    private static final long LAST_PRIORITY = (1L << 32) - 1;

    private final ContainerSide side;

    public ContainerConfiguration(ContainerSide side) {
        this.side = side;
    }

    /**
     * Gives the interface its addresses, sets it up and adds its routes.
     *
     * @throws KernelException when the namespace, or anything in it, refuses
     * @throws SysctlException when a setting of the interface's does
     */
    public void apply() {
        if (hasSettings()) {
            // The files of a namespace's settings are where a thread in it looks.
            side.namespace().getWithSocket(this::configured);
        } else {
            side.namespace().withSocket(this::configured);
        }
    }

    /** Whether anything is to be written to a file of {@code /proc/sys}. */
    private boolean hasSettings() {
        return !side.tuning().settings().isEmpty() || (!side.addresses().isEmpty() && (hasIpv6() || side.linkLocal()));
    }

    private boolean hasIpv6() {
        return side.addresses().stream().anyMatch(address -> address.family() == AddressFamily.INET6);
    }

    private ContainerSide configured(NetlinkSocket socket) {
        Links links = Links.over(socket);
        Link link = links.find(side.name())
                .orElseThrow(() -> new KernelException("find", side.name().toString(), Errno.ENODEV));
        boolean ipv6 = hasIpv6();
        if (ipv6) {
            enableIpv6();
        }
        if (!side.addresses().isEmpty()) {
            if (ipv6 || side.linkLocal()) {
                setDuplicateDetection();
            } else {
                links.setAddressGeneration(link.index(), Ipv6AddressGeneration.NONE);
            }
            // A neighbour that knows another MAC address for one of these is told when the link comes up.
            links.announceAddresses(link.index());
        }
        Addresses addresses = Addresses.over(socket);
        for (IpPrefix address : side.addresses()) {
            AddressAddition addition = AddressAddition.of(link.index(), address);
            addresses.add(side.duplicateDetection() ? addition.withDuplicateDetection() : addition);
        }
        tune(links, link.index());
        if (side.tuning().up()) {
            Routes routes = Routes.over(socket);
            // Before the interface is up: what the kernel does then keeps later requests waiting.
            List<Route> others = routesOfOthers(routes, link.index());
            links.setUp(link.index());
            addRoutes(routes, link.index(), others);
        }
        applySettings();
        return side;
    }

    private void tune(Links links, int index) {
        InterfaceTuning tuning = side.tuning();
        if (tuning.promiscuous()) {
            links.setPromiscuous(index, true);
        }
        if (tuning.allMulticast()) {
            links.setAllMulticast(index, true);
        }
        tuning.transmitQueue().ifPresent(packets -> links.setTransmitQueue(index, packets));
    }

    /**
     * A container on several networks may be given several default routes. Each counts when those before it have gone: with one metric the
     * kernel would send some answers by another network than the question came by, which takes them for forged.
     */
    private void addRoutes(Routes routes, int index, List<Route> others) {
        for (ContainerRoute route : side.routes()) {
            RouteAddition addition = route.gateway()
                    .map(gateway -> RouteAddition.via(route.destination(), index, gateway))
                    .orElseGet(() -> RouteAddition.onLink(route.destination(), index))
                    .with(behind(others, route));
            routes.append(
                    route.table().isPresent() ? addition.inTable(route.table().getAsLong()) : addition);
        }
    }

    /** Routes to the same destinations by other interfaces: of any number that a container may have, only these. */
    private List<Route> routesOfOthers(Routes routes, int index) {
        Set<IpPrefix> wanted =
                side.routes().stream().map(ContainerRoute::destination).collect(Collectors.toSet());
        return wanted.isEmpty()
                ? List.of()
                : routes.select(route -> Optional.of(route)
                        .filter(one -> one.type() == Route.UNICAST && wanted.contains(one.destination()))
                        .filter(one -> !one.links().isEmpty() && !one.links().contains(index)));
    }

    private static RouteOptions behind(List<Route> others, ContainerRoute route) {
        long table = route.table().orElse(Route.MAIN_TABLE);
        OptionalLong last = others.stream()
                .filter(other -> other.destination().equals(route.destination()) && other.table() == table)
                .mapToLong(Route::priority)
                .max();
        return last.isPresent()
                        && last.getAsLong() < LAST_PRIORITY
                        && route.options().priority().isEmpty()
                ? route.options().withPriority(last.getAsLong() + 1)
                : route.options();
    }

    /** All or none: those that are not the interface's own would stay when the interface goes again. */
    private void applySettings() {
        Map<NetworkSetting, String> before = new LinkedHashMap<>();
        try {
            side.tuning().settings().forEach((setting, value) -> {
                setting.read().ifPresent(old -> before.put(setting, old));
                setting.write(value);
            });
        } catch (SysctlException refused) {
            before.forEach((setting, old) -> restore(setting, old, refused));
            throw new EngineException(ErrorCode.INVALID_REQUEST, "cannot " + refused.getMessage(), refused);
        }
    }

    private static void restore(NetworkSetting setting, String value, SysctlException cause) {
        try {
            setting.write(value);
        } catch (SysctlException again) {
            cause.addSuppressed(again);
        }
    }

    /**
     * Runtimes make namespaces in which IPv6 is off; an address is asked for, so it is wanted. The loopback interface has its own, ::1, then
     * (plugins, pkg/ipam/ipam_linux.go).
     */
    private void enableIpv6() {
        for (InterfaceName name : List.of(side.name(), LOOPBACK)) {
            InterfaceSysctl ofLink = InterfaceSysctl.ipv6(name, "disable_ipv6");
            if (ofLink.read().filter("1"::equals).isPresent()) {
                ofLink.write("0");
            }
        }
    }

    private void setDuplicateDetection() {
        InterfaceSysctl ofLink = InterfaceSysctl.ipv6(side.name(), "accept_dad");
        if (ofLink.read().isPresent()) {
            ofLink.write(side.duplicateDetection() ? "1" : "0");
        }
    }
}
