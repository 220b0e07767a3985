package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_COUNTER_PACKETS;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_DATA_VALUE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_EXPR_DATA;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_EXPR_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_DATA;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_EXPR;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_FLAGS;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_KEY;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_KEY_END;

import io.jnet.netlink.Attributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The attributes of set elements, and what the kernel makes of an element. */
final class ElementCodec {
    private static final long NFT_SET_ELEM_INTERVAL_END = 1;

    private ElementCodec() {}

    /**
     * The kernel's entries for one element. An interval of a concatenation is one entry with both ends (net/netfilter/nft_set_pipapo.c);
     * an interval of a single field is two, its first value and, marked as an end, the value after its last
     * (net/netfilter/nft_set_rbtree.c).
     */
    static List<SetEntry> entries(SetElement element) {
        boolean both = element.isInterval() && element.key().size() > 1;
        SetEntry entry = SetEntry.of(
                element.set(),
                element.firstKey(),
                both ? Optional.of(element.lastKey()) : Optional.empty(),
                element.data().isEmpty() ? Optional.empty() : Optional.of(element.dataBytes()),
                false);
        if (!element.isInterval() || both) {
            return List.of(entry);
        }
        return after(element.lastKey())
                .map(after ->
                        List.of(entry, SetEntry.of(element.set(), after, Optional.empty(), Optional.empty(), true)))
                .orElse(List.of(entry));
    }

    /**
     * Puts the start and the end of each interval of a single field together, as {@link #entries} has them. An end without a start, which
     * nft puts before the first interval of a set, belongs to no element.
     */
    static List<List<SetEntry>> group(List<SetEntry> entries) {
        List<SetEntry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing((SetEntry entry) -> SetEntry.bytes(entry.key()), Arrays::compareUnsigned)
                .thenComparing(entry -> !entry.intervalEnd()));
        List<List<SetEntry>> groups = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            boolean ended = i + 1 < sorted.size() && sorted.get(i + 1).intervalEnd();
            if (!sorted.get(i).intervalEnd()) {
                groups.add(ended ? List.of(sorted.get(i), sorted.get(i + 1)) : List.of(sorted.get(i)));
            }
        }
        return groups;
    }

    /** The value of NFTA_LIST_ELEM for an entry that is added. */
    static Attributes encode(SetEntry entry) {
        return encodeKey(entry).with(NFTA_SET_ELEM_DATA, entry.data().map(data -> value(SetEntry.bytes(data))));
    }

    /** The value of NFTA_LIST_ELEM for an entry that is deleted: its data is of no account. */
    static Attributes encodeKey(SetEntry entry) {
        return Attributes.none()
                .with(
                        NFTA_SET_ELEM_FLAGS,
                        entry.intervalEnd() ? Optional.of(NFT_SET_ELEM_INTERVAL_END) : Optional.empty())
                .with(NFTA_SET_ELEM_KEY, value(SetEntry.bytes(entry.key())))
                .with(NFTA_SET_ELEM_KEY_END, entry.keyEnd().map(end -> value(SetEntry.bytes(end))));
    }

    /** Reads the value of NFTA_LIST_ELEM; counters, time-outs and verdicts are passed over. */
    static SetEntry decode(String set, Attributes attributes) {
        return SetEntry.of(
                set,
                attributes.get(NFTA_SET_ELEM_KEY).flatMap(ElementCodec::bytes).orElse(new byte[0]),
                attributes.get(NFTA_SET_ELEM_KEY_END).flatMap(ElementCodec::bytes),
                attributes.get(NFTA_SET_ELEM_DATA).flatMap(ElementCodec::bytes),
                (attributes.get(NFTA_SET_ELEM_FLAGS).orElse(0L) & NFT_SET_ELEM_INTERVAL_END) != 0);
    }

    /** How many packets have found an element, from the value of NFTA_LIST_ELEM; empty for one without a counter. */
    static OptionalLong packets(Attributes element) {
        return element.get(NFTA_SET_ELEM_EXPR)
                .filter(expression -> expression.get(NFTA_EXPR_NAME).equals(Optional.of("counter")))
                .flatMap(expression -> expression.get(NFTA_EXPR_DATA))
                .flatMap(counter -> counter.get(NFTA_COUNTER_PACKETS))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    private static Attributes value(byte[] bytes) {
        return Attributes.of(NFTA_DATA_VALUE, bytes);
    }

    private static Optional<byte[]> bytes(Attributes data) {
        return data.get(NFTA_DATA_VALUE);
    }

    /** The value that follows; none after the type's last, whose interval has no end. */
    private static Optional<byte[]> after(byte[] last) {
        byte[] next = last.clone();
        for (int i = next.length - 1; i >= 0; i--) {
            if (++next[i] != 0) {
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }
}
