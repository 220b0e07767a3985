package io.jnet.engine.firewall;

import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The one chain that each network has, as commands for nft: which sources its packets may have, and where they go on. A map leads from the
 * bridge to it. Pure.
 *
 * <p>Rejected: one set of bridge and range for all networks. The kernel looks up concatenated intervals in about half a microsecond
 * (net/netfilter/nft_set_pipapo.c), for each packet; a comparison with a constant costs a fiftieth of that. It is a rule for each subnet of
 * a network, never for a container or a port, and a packet meets those of its own network only.
 */
final class NetworkChain {
    /** No other chain of the table begins so: a bridge may have any name. */
    private static final String PREFIX = "from_";

    private NetworkChain() {}

    /** Whether a chain of the table is one of these. */
    static boolean isOne(String chain) {
        return chain.startsWith(PREFIX);
    }

    /** The chain's name: {@code from_jbr-0123456789a}. */
    static String name(InterfaceName bridge) {
        return PREFIX + bridge;
    }

    /** The chain as part of the table's text. */
    static String text(NetworkRules network) {
        return rules(network).stream()
                .collect(Collectors.joining("\n\t\t", "\n\tchain " + name(network.bridge()) + " {\n\t\t", "\n\t}\n"));
    }

    /** The element of {@link TableSet#NETWORKS} that leads to the chain, without the braces. */
    static String element(InterfaceName bridge) {
        return "\"%s\" : goto %s".formatted(bridge, name(bridge));
    }

    /** A link-local source is never forwarded (net/ipv6/ip6_output.c, ip6_forward), and neighbour discovery needs it. */
    private static List<String> rules(NetworkRules network) {
        List<String> rules = new ArrayList<>();
        List<IpPrefix> sources = new ArrayList<>(network.sources());
        sources.add(IpPrefix.parse("fe80::/10"));
        for (AddressFamily family : AddressFamily.values()) {
            boolean ipv4 = family == AddressFamily.INET;
            String keyword = ipv4 ? "ip" : "ip6";
            String next = (network.has(NetworkFlag.INTERNAL) && network.isOfHost() ? "raw_internal" : "raw_network")
                    + (ipv4 ? "4" : "6");
            IpPrefix loopback = IpPrefix.parse(ipv4 ? "127.0.0.0/8" : "::1/128");
            for (IpPrefix source : sources) {
                if (source.family() != family) {
                    continue;
                }
                if (source.overlaps(loopback)) {
                    rules.add("%s saddr %s counter drop".formatted(keyword, ipv4 ? loopback : loopback.address()));
                }
                rules.add(
                        (source.length() == 0 ? "meta nfproto ipv" + (ipv4 ? "4" : "6") : keyword + " saddr " + source)
                                + " goto " + next);
            }
        }
        rules.add("goto raw_stranger");
        return rules;
    }
}
