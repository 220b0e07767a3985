package io.jnet.testbed.system;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Takes jnet's refusing rules away for a moment, to show that it is they that refuse. */
final class FirewallRules {
    private static final List<String> TABLES = List.of("inet jnet", "bridge jnet");
    /** As {@code nft --handle list chain} prints: {@code iifname "lo" drop # handle 7}. */
    private static final Pattern DROP =
            Pattern.compile("^.*\\b(?:drop|reject)\\b.* # handle (\\d+)$", Pattern.MULTILINE);

    private static final Pattern CHAIN = Pattern.compile("^\\s*chain (\\S+) \\{", Pattern.MULTILINE);

    private final Machine host;
    private final JnetDaemon jnet;

    private FirewallRules(Machine host, JnetDaemon jnet) {
        this.host = host;
        this.jnet = jnet;
    }

    static FirewallRules of(DockerLab lab) {
        return new FirewallRules(lab.host(), lab.jnet());
    }

    static FirewallRules of(JnetLab lab) {
        return new FirewallRules(lab.host(), lab.jnet());
    }

    /** Runs with every rule that drops or rejects deleted. The daemon is stopped meanwhile: it would put them back. */
    <T> T withoutDrops(Supplier<T> action) {
        List<String> tables = TABLES.stream()
                .filter(table -> host.shell("nft list tables").contains("table " + table + "\n"))
                .toList();
        StringBuilder saved = new StringBuilder();
        for (String table : tables) {
            saved.append("delete table ").append(table).append('\n');
            saved.append(host.shell("nft list table " + table));
        }
        String policy = host.shell("iptables -S FORWARD").lines().findFirst().orElseThrow();
        jnet.pause();
        try {
            tables.forEach(this::deleteDrops);
            // What jnet neither drops nor accepts is left to the others: here dockerd's policy.
            host.shell("iptables -P FORWARD ACCEPT");
            return action.get();
        } finally {
            host.shell("iptables " + policy);
            CommandResult putBack = host.run(List.of("nft", "--file", "-"), saved.toString());
            // In any case: a machine with a process that stands still does not end.
            jnet.resume();
            putBack.orThrow();
        }
    }

    private void deleteDrops(String table) {
        for (MatchResult chain :
                CHAIN.matcher(host.shell("nft list table " + table)).results().toList()) {
            String rules = host.shell("nft --handle list chain %s %s".formatted(table, chain.group(1)));
            for (MatchResult rule : DROP.matcher(rules).results().toList()) {
                host.shell("nft delete rule %s %s handle %s".formatted(table, chain.group(1), rule.group(1)));
            }
        }
    }
}
