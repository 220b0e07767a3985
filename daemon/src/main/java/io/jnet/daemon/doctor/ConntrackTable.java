package io.jnet.daemon.doctor;

import java.util.List;
import java.util.Optional;

/** When the table of connection tracking is full, the kernel drops what is new. */
final class ConntrackTable extends Check {
    private static final int PERCENT = 80;
    private static final String MOST = "nf_conntrack_max";

    ConntrackTable() {
        super(
                "conntrack-table-full",
                Severity.WARNING,
                "tracked connections are more than 80 % of `nf_conntrack_max`",
                "when the table is full, the kernel drops the packets of new connections, those to published ports among them",
                "`sysctl -w net.netfilter.nf_conntrack_max=NUMBER`");
    }

    @Override
    List<Finding> look(HostView host) {
        Optional<Long> most = host.number("net/netfilter/" + MOST).filter(number -> number > 0);
        long count = host.number("net/netfilter/nf_conntrack_count").orElse(0L);
        return most
                .filter(limit -> count * 100 >= limit * PERCENT)
                .map(limit -> finding(
                        "%d connections are tracked, and the table takes %d".formatted(count, limit),
                        "sysctl -w net.netfilter." + MOST + "=" + limit * 2))
                .stream()
                .toList();
    }
}
