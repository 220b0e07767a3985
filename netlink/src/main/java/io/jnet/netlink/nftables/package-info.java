/**
 * nftables: whole rulesets as text through libnftables, single set elements as nfnetlink messages, and the events of changes.
 *
 * <p>Why two ways: libnftables is the field's own parser and compiler of rules, and takes any ruleset in one transaction. But before each
 * command it reads what the kernel has, foreign tables included, which costs 12 to 21 ms beside a set of 10,000 elements. Elements of
 * known sets need no parser: {@link io.jnet.netlink.nftables.SetElementTransaction} writes their bytes, at a constant cost.
 *
 * <p>Threads: {@link io.jnet.netlink.nftables.Nftables} has one lock; values are immutable; a transaction belongs to one thread until it
 * is committed. A context, like a socket, speaks to the network namespace of the thread that opened it.
 *
 * <p>Failures: {@link io.jnet.netlink.nftables.NftablesException} with libnftables' own text on one line, and
 * {@link io.jnet.netlink.NetlinkException} for element transactions and events.
 *
 * <p>Obeys libnftables(3), nft(8), include/uapi/linux/netfilter/nf_tables.h.
 */
package io.jnet.netlink.nftables;
