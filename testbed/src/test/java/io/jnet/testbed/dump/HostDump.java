package io.jnet.testbed.dump;

import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The network state of a machine at one moment.
 *
 * @param sections the name of each part, and its lines
 */
public record HostDump(Map<String, List<String>> sections) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A link without carrier does not begin to check. */
    private static final String TENTATIVE = "ip -6 -oneline address show up tentative | grep -v docker0 || true";

    /** Each part of a host and the shell line that prints it, without what changes by itself. */
    private static final Map<String, String> PARTS = parts();

    /** Begins each section of the script's output, before the section's name. */
    private static final String BEGIN = "\u0001";

    private static final String SCRIPT = PARTS.entrySet().stream()
            .map(part -> "printf '%s%%s\\n' %s; (%n%s%n) || exit 1%n".formatted(BEGIN, part.getKey(), part.getValue()))
            .collect(Collectors.joining("", "set -o pipefail\n", ""));

    public HostDump {
        sections = Map.copyOf(sections);
    }

    private static Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        // The indexes of links rise with each one ever made; statistics are not asked for. A bridge keeps the largest
        // segment that the ports it once had could take (tso_max_size), and counts the addresses that it has learned.
        parts.put(
                "links",
                "ip -details link show | sed -E 's/^[0-9]+: //; s/@if[0-9]+/@peer/; s/ link-netnsid [0-9]+//' "
                        + withoutBridgeStatus());
        // Lifetimes count down where they are not "forever"; there are none in the lab.
        parts.put("addresses", "ip -oneline address show | sed -E 's/^[0-9]+: //'");
        // Cached exceptions of IPv6 (a learnt path MTU) expire by themselves and are not in this listing.
        parts.put("routes", "ip -4 route show table all; ip -6 route show table all");
        parts.put("rules", "ip -4 rule show; ip -6 rule show");
        // Neighbours on the uplinks come and go with any packet: theirs are the network's, not an engine's. Multicast
        // ones are made by the kernel for its own reports (MLD, RFC 3810; IGMP, RFC 3376).
        parts.put(
                "neighbours",
                "ip neighbour show nud all | grep -vE '^ff02:|^224\\.0\\.0\\.| dev (eth0|eth1|lo) ' | sed -E 's/ (REACHABLE|STALE|DELAY|PROBE) *$//' || true");
        parts.put("nftables", "nft list ruleset | sed -E 's/counter packets [0-9]+ bytes [0-9]+/counter/'");
        parts.put("iptables", "iptables-save | sed -E '/^#/d; s/\\[[0-9]+:[0-9]+\\]//'");
        parts.put("ip6tables", "ip6tables-save | sed -E '/^#/d; s/\\[[0-9]+:[0-9]+\\]//'");
        // nf_conntrack_count follows the connections; a random key is drawn when a socket first needs it
        // (tcp_fastopen_key). By grep, which takes a third of sysctl(8)'s time; what cannot be read it passes over.
        parts.put(
                "sysctls",
                "cd /proc/sys; { grep --recursive --no-messages '' net || true; } | grep -vE '^net/(netfilter/nf_conntrack_count|ipv4/tcp_fastopen_key):'");
        parts.put("ports", "ss --numeric --listening --tcp --udp --no-header | awk '{ print $1, $2, $5 }'");
        // A bound socket that does not listen is invisible in ss; binding is the only way to see it. The kernel's own
        // list of sockets in use counts it.
        parts.put(
                "sockets",
                "grep -E '^(TCP|UDP|UDPLITE|RAW|FRAG|TCP6|UDP6|RAW6)' /proc/net/sockstat /proc/net/sockstat6 | sed -E 's/ (tw|mem|alloc|memory|orphan) [0-9]+//g'");
        // Docker's own folders and jnet's store are theirs to change.
        parts.put(
                "files",
                "find /run /var/lib -ignore_readdir_race -path /var/lib/docker -prune -o -path /var/lib/containerd -prune -o -path /var/lib/jnet -prune"
                        + " -o -path /run/docker/containerd -prune -o -path /run/docker/runtime-runc -prune -o -path /run/docker/netns -prune -o -path /run/containerd -prune"
                        + " -o -printf '%p %y %m\\n'");
        parts.put("namespaces", "find /run/netns -type f 2>/dev/null || true");
        parts.put("mounts", "awk '{ print $2, $3 }' /proc/mounts");
        return parts;
    }

    private static String withoutBridgeStatus() {
        return "| sed -E 's/(hello_timer|tcn_timer|topology_change_timer|gc_timer|hold_timer|message_age_timer|forward_delay_timer) +[0-9.]+//g; s/(tso_max_size|fdb_n_learned) [0-9]+//g; s/ +/ /g'";
    }

    /** Reads the state of a machine when the kernel has checked its link-local addresses for duplicates. Each part is sorted but the firewall's, whose order counts. */
    public static HostDump of(Machine machine) {
        Eventually.holds("no address is tentative", PATIENCE, () -> machine.shell(TENTATIVE)
                .isEmpty());
        Map<String, List<String>> sections = new TreeMap<>();
        // One shell for all: entering a machine costs more than most of the commands.
        for (String section : machine.shell(SCRIPT).split(BEGIN, -1)) {
            if (!section.isEmpty()) {
                List<String> lines = section.lines().map(String::stripTrailing).toList();
                sections.put(lines.get(0), sorted(lines.get(0), lines.subList(1, lines.size())));
            }
        }
        return new HostDump(sections);
    }

    private static List<String> sorted(String name, List<String> lines) {
        boolean ordered = name.contains("tables") || name.equals("links");
        return ordered ? List.copyOf(lines) : lines.stream().sorted().toList();
    }

    /** This dump without some of its parts. */
    public HostDump without(String... names) {
        Map<String, List<String>> rest = new TreeMap<>(sections);
        List.of(names).forEach(rest::remove);
        return new HostDump(rest);
    }

    /** What another dump has more ({@code +}) and less ({@code -}) than this one, line by line; empty when they are equal. */
    public String difference(HostDump later) {
        List<String> lines = new ArrayList<>();
        for (String name : new TreeMap<>(sections).keySet()) {
            List<String> before = sections.get(name);
            List<String> after = later.sections.getOrDefault(name, List.of());
            if (!before.equals(after)) {
                lines.addAll(missing(name + " -", before, after));
                lines.addAll(missing(name + " +", after, before));
            }
        }
        return String.join("\n", lines);
    }

    private static List<String> missing(String label, List<String> from, List<String> in) {
        List<String> rest = new ArrayList<>(from);
        in.forEach(rest::remove);
        if (rest.isEmpty() && from.size() == in.size()) {
            return List.of(label + " in another order");
        }
        return rest.stream().map(line -> label + " " + line).toList();
    }

    @Override
    public String toString() {
        return new TreeMap<>(sections)
                .entrySet().stream()
                        .map(section -> "== " + section.getKey() + "\n" + String.join("\n", section.getValue()))
                        .collect(Collectors.joining("\n"));
    }
}
