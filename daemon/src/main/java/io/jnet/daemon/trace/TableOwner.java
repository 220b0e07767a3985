package io.jnet.daemon.trace;

import java.util.Locale;
import java.util.Set;

/** Whose a table is, as far as names tell. */
final class TableOwner {
    private static final Set<String> OF_IPTABLES = Set.of("filter", "nat", "mangle", "raw", "security");

    private TableOwner() {}

    /** {@code jnet}, {@code ufw}, {@code Docker}, {@code firewalld}, {@code iptables}, or {@code another table}. */
    static String of(Step step) {
        String[] table = step.table().split(" ", 2);
        String chain = step.chain().toLowerCase(Locale.ROOT);
        if (table[1].equals("jnet")) {
            return "jnet";
        }
        if (table[1].startsWith("firewalld")) {
            return "firewalld";
        }
        if (table[0].startsWith("ip") && OF_IPTABLES.contains(table[1])) {
            if (chain.startsWith("ufw")) {
                return "ufw (iptables)";
            }
            return chain.startsWith("docker") ? "Docker (iptables)" : "iptables";
        }
        return "another table";
    }
}
