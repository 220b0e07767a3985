package io.jnet.daemon.doctor;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.sysctl.InterfaceSysctl;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel asks the interface that a packet came in by whether it forwards (net/ipv4/route.c, ip_route_input_slow); for IPv6 the switch of the
 * whole host, or from Linux 6.17 on the interface's {@code force_forwarding} (net/ipv6/ip6_output.c, ip6_forward).
 */
final class ForwardingOff extends Check {
    private static final String ON = "1";

    ForwardingOff() {
        super(
                "forwarding-off",
                Severity.ERROR,
                "a network with containers is to reach the outside, and its bridge or an uplink does not forward",
                "what comes in by that interface is not passed on: no way out of containers, or none to published ports",
                "`sysctl -w net.ipv4.conf.INTERFACE.forwarding=1`, `sysctl -w net.ipv6.conf.INTERFACE.force_forwarding=1` (before Linux 6.17: `net.ipv6.conf.all.forwarding=1`)");
    }

    @Override
    List<Finding> look(HostView host) {
        List<Finding> findings = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            Set<String> interfaces = new LinkedHashSet<>();
            host.networksWithOutside().stream()
                    .filter(network -> network.inUse() && network.has(family))
                    .forEach(network -> interfaces.add(network.bridge()));
            if (!interfaces.isEmpty()) {
                host.uplinks(family).stream().map(Link::name).forEach(interfaces::add);
            }
            // Before Linux 6.17 IPv6 has one switch, whichever interface asks for it.
            interfaces.stream()
                    .flatMap(name -> closed(host, family, name).stream())
                    .distinct()
                    .forEach(findings::add);
        }
        return findings;
    }

    private Optional<Finding> closed(HostView host, AddressFamily family, String name) {
        return family == AddressFamily.INET ? closed4(host, name) : closed6(host, name);
    }

    private Optional<Finding> closed4(HostView host, String name) {
        return host.setting("net/ipv4/conf/" + name + "/forwarding")
                .filter(value -> !value.equals(ON))
                .map(off -> closed(
                        InterfaceSysctl.ipv4(new InterfaceName(name), "forwarding"),
                        "IPv4 packets that come in by " + name + " are not passed on"));
    }

    private Optional<Finding> closed6(HostView host, String name) {
        boolean all = host.setting("net/ipv6/conf/all/forwarding").equals(Optional.of(ON));
        boolean without =
                !host.setting("net/ipv6/conf/" + name + "/disable_ipv6").equals(Optional.of("0"));
        if (all || without) {
            return Optional.empty();
        }
        Optional<String> forced = host.setting("net/ipv6/conf/" + name + "/force_forwarding");
        if (forced.isEmpty()) {
            return Optional.of(closed(
                    InterfaceSysctl.ipv6(new InterfaceName("all"), "forwarding"), "IPv6 packets are not passed on"));
        }
        return forced.filter(value -> !value.equals(ON))
                .map(off -> closed(
                        InterfaceSysctl.ipv6(new InterfaceName(name), "force_forwarding"),
                        "IPv6 packets that come in by " + name + " are not passed on"));
    }

    private Finding closed(InterfaceSysctl setting, String consequence) {
        return finding(setting + " is 0: " + consequence, "sysctl -w " + setting + "=" + ON);
    }
}
