package io.jnet.netlink.nftables;

/**
 * An entry of a set or map with a counter.
 *
 * @param entry the entry
 * @param packets how many packets have found it
 */
public record CountedEntry(SetEntry entry, long packets) {}
