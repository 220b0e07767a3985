package io.jnet.netlink.nftables;

/**
 * A chain that packets meet by themselves, of whatever table.
 *
 * @param family the table's family as nft(8) writes it: {@code ip}, {@code ip6}, {@code inet}, {@code arp}, {@code bridge}, {@code netdev};
 *     its number for one that this does not know
 * @param table the table's name
 * @param chain the chain's name
 * @param hook the number of the hook within the family; for {@code ip}, {@code ip6} and {@code inet} those of {@code NF_INET_...}
 * @param priority the chain's place at the hook; smaller ones come first
 * @param dropsByPolicy whether a packet that no rule decides about is dropped
 */
public record BaseChain(String family, String table, String chain, int hook, int priority, boolean dropsByPolicy) {
    /** {@code NF_INET_PRE_ROUTING}. */
    public static final int PRE_ROUTING = 0;

    /** {@code NF_INET_LOCAL_IN} of include/uapi/linux/netfilter.h: for the host itself. */
    public static final int LOCAL_IN = 1;

    /** {@code NF_INET_FORWARD}. */
    public static final int FORWARD = 2;

    /** {@code NF_INET_LOCAL_OUT}: from the host itself. */
    public static final int LOCAL_OUT = 3;

    /** {@code NF_INET_POST_ROUTING}. */
    public static final int POST_ROUTING = 4;

    /** Whether IPv4 or IPv6 packets meet it at a hook of theirs. */
    public boolean isOfInternetProtocol() {
        return family.equals("ip") || family.equals("ip6") || family.equals("inet");
    }

    /** {@code inet filter}. */
    public String tableName() {
        return family + " " + table;
    }
}
