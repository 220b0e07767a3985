package io.jnet.daemon.doctor;

import io.jnet.netlink.address.AddressFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of neighbours has a limit that all namespaces share; when it is reached, the kernel refuses new ones. */
final class NeighbourTable extends Check {
    private static final int PERCENT = 80;

    NeighbourTable() {
        super(
                "neighbour-table-full",
                Severity.WARNING,
                "the host's neighbours are more than 80 % of `gc_thresh3`",
                "beyond it the kernel forgets neighbours that are in use: packets are lost on all networks, and its log says \"neighbour table overflow\"",
                "`sysctl -w net.ipv4.neigh.default.gc_thresh3=NUMBER`, and `net.ipv6` likewise");
    }

    @Override
    List<Finding> look(HostView host) {
        List<Finding> findings = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            String folder = family == AddressFamily.INET ? "ipv4" : "ipv6";
            Optional<Long> limit = host.number("net/" + folder + "/neigh/default/gc_thresh3");
            long count = limit.isPresent() ? host.neighbours(family) : 0;
            limit.filter(most -> most > 0 && count * 100 >= most * PERCENT)
                    .map(most -> finding(
                            "%d neighbours are known over %s, and the table takes %d"
                                    .formatted(count, family == AddressFamily.INET ? "IPv4" : "IPv6", most),
                            "sysctl -w net." + folder + ".neigh.default.gc_thresh3=" + most * 4))
                    .ifPresent(findings::add);
        }
        return findings;
    }
}
