package io.jnet.engine.firewall;

import io.jnet.engine.network.Network;
import io.jnet.netlink.address.AddressFamily;

/**
 * A forward chain of somebody's own nftables table whose policy is to drop.
 *
 * @param table the table: {@code inet filter}
 * @param chain the chain: {@code forward}
 * @param priority the chain's priority
 */
public record ForwardBarrier(String table, String chain, int priority) {
    /** From {@code filter - 10} on, where jnet's chain sets it, to 100, where it is taken off again: {@link Ruleset}. */
    private static final int MARKED_AFTER = -10;

    private static final int MARKED_BEFORE = 100;

    /** Whether packets of a family meet it. */
    public boolean concerns(AddressFamily family) {
        return !table.startsWith(family == AddressFamily.INET ? "ip6 " : "ip ");
    }

    /** {@code table inet filter, chain forward}. */
    public String name() {
        return "table " + table + ", chain " + chain;
    }

    /**
     * The command that has the chain accept what jnet has let through, and nothing else. A chain that packets meet where they do not carry
     * jnet's mark has to go by the names of its bridges; what those may be sent, jnet decides all the same.
     */
    public String command() {
        boolean marked = priority > MARKED_AFTER && priority < MARKED_BEFORE;
        String insert = "nft insert rule " + table + " " + chain + " ";
        return marked
                ? insert + OwnRules.ACCEPTED + " accept"
                : "%1$siifname \"%2$s*\" accept; %1$soifname \"%2$s*\" accept".formatted(insert, Network.BRIDGE_PREFIX);
    }
}
