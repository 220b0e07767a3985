package io.jnet.daemon.doctor;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.sysctl.InterfaceSysctl;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Strict reverse path filtering where the way back may be another one: on a network's bridge, which jnet sets to loose, and on uplinks of a host with
 * more than one. The kernel takes the greater of the interface's value and of {@code all}'s (include/linux/inetdevice.h, IN_DEV_RPFILTER).
 */
final class StrictReversePath extends Check {
    private static final long STRICT = 1;

    StrictReversePath() {
        super(
                "rp-filter-strict",
                Severity.WARNING,
                "`rp_filter` is strict (1) on a network's bridge, or on an uplink of a host that has default routes by several",
                "packets whose way back would leave by another interface are dropped without a trace: clients that come in by the second uplink, containers on two networks",
                "`sysctl -w net.ipv4.conf.INTERFACE.rp_filter=2`");
    }

    @Override
    List<Finding> look(HostView host) {
        Set<String> interfaces = new LinkedHashSet<>();
        host.networks().stream()
                .filter(network -> network.link().isPresent())
                .forEach(network -> interfaces.add(network.bridge()));
        List<Link> uplinks = host.uplinks(AddressFamily.INET);
        if (!interfaces.isEmpty() && uplinks.size() > 1) {
            uplinks.forEach(link -> interfaces.add(link.name()));
        }
        return interfaces.stream()
                .filter(name -> Math.max(value(host, name), value(host, "all")) == STRICT)
                .map(name -> finding(
                        "reverse path filtering of " + name + " is strict (rp_filter 1)",
                        "sysctl -w " + InterfaceSysctl.ipv4(new InterfaceName(name), "rp_filter") + "=2"))
                .toList();
    }

    private static long value(HostView host, String name) {
        return host.number("net/ipv4/conf/" + name + "/rp_filter").orElse(0L);
    }
}
