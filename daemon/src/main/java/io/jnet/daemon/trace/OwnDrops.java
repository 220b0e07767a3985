package io.jnet.daemon.trace;

import java.util.Map;

/** Why jnet's own chains drop, in words. The opening comments of the engine's rulesets have the chains in order. */
final class OwnDrops {
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry(
                    "raw_prerouting",
                    "it has an address of loopback on the wire, or is for a network's gateway and comes from elsewhere"),
            Map.entry(
                    "raw6",
                    "it has an address of loopback on the wire, or is for a network's gateway and comes from elsewhere"),
            Map.entry("raw_internal4", "its network is internal, and reaches nothing else"),
            Map.entry("raw_internal6", "its network is internal, and reaches nothing else"),
            Map.entry("raw_network4", "it is for loopback, or for the gateway of another network"),
            Map.entry("raw_network6", "it is for loopback, or for the gateway of another network"),
            Map.entry("raw_stranger", "its source is not of the network that it comes from"),
            Map.entry(
                    "not_ours4",
                    "the host forwards because of jnet only, and this is neither from nor for a network of jnet"),
            Map.entry(
                    "not_ours6",
                    "the host forwards because of jnet only, and this is neither from nor for a network of jnet"),
            Map.entry(
                    "out_of_network",
                    "networks are kept apart: containers of one network reach those of another, or of another engine, by published ports only; an internal network reaches nothing, and without inter-container communication neighbours do not reach each other"),
            Map.entry("into_network", "from outside a network is reached by its published ports only"),
            Map.entry("let_in", "publish.policy does not let its sender in"),
            Map.entry("firewalled", "the policy is firewalled, and firewalld lets nobody in there"),
            Map.entry("input", "the network is isolated: what it sends to the host is dropped"),
            Map.entry(
                    "input_stray",
                    "it asks for names at the network's gateway, where nobody answers them at present: jnet status says why, or no daemon runs"));

    private OwnDrops() {}

    /** The reason of a chain of {@code table inet jnet}; for {@code table bridge jnet} and the short chains of single networks a common one. */
    static String reason(String table, String chain) {
        if (table.startsWith("bridge ")) {
            return "between ports of a bridge: a container may not be a router or DHCP server there, nor use another's address, where its network does not allow it";
        }
        return REASONS.getOrDefault(chain, "its source is not of the network that it comes from");
    }

    /** Whether there are words for a chain. */
    static boolean knows(String chain) {
        return REASONS.containsKey(chain);
    }
}
