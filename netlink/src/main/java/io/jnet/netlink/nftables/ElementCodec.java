package io.jnet.netlink.nftables;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import java.util.List;
import java.util.Optional;

/** The attributes of set elements. */
final class ElementCodec {
    static final Attribute<String> NFTA_SET_ELEM_LIST_TABLE =
            Attribute.of(1, "NFTA_SET_ELEM_LIST_TABLE", AttributeCodec.STRING);
    static final Attribute<String> NFTA_SET_ELEM_LIST_SET =
            Attribute.of(2, "NFTA_SET_ELEM_LIST_SET", AttributeCodec.STRING);
    static final Attribute<Attributes> NFTA_SET_ELEM_LIST_ELEMENTS =
            Attribute.of(3, "NFTA_SET_ELEM_LIST_ELEMENTS", AttributeCodec.NESTED_FLAGGED);
    static final Attribute<Attributes> NFTA_LIST_ELEM =
            Attribute.of(1, "NFTA_LIST_ELEM", AttributeCodec.NESTED_FLAGGED);

    private static final Attribute<Attributes> NFTA_SET_ELEM_KEY =
            Attribute.of(1, "NFTA_SET_ELEM_KEY", AttributeCodec.NESTED_FLAGGED);
    private static final Attribute<Attributes> NFTA_SET_ELEM_DATA =
            Attribute.of(2, "NFTA_SET_ELEM_DATA", AttributeCodec.NESTED_FLAGGED);
    private static final Attribute<Long> NFTA_SET_ELEM_FLAGS =
            Attribute.of(3, "NFTA_SET_ELEM_FLAGS", AttributeCodec.U32_BIG);
    private static final Attribute<Attributes> NFTA_SET_ELEM_KEY_END =
            Attribute.of(10, "NFTA_SET_ELEM_KEY_END", AttributeCodec.NESTED_FLAGGED);
    private static final Attribute<byte[]> NFTA_DATA_VALUE = Attribute.of(1, "NFTA_DATA_VALUE", AttributeCodec.BYTES);

    private static final long NFT_SET_ELEM_INTERVAL_END = 1;

    private ElementCodec() {}

    /**
     * The kernel's entries for one element. An interval of a concatenation is one entry with both ends (net/netfilter/nft_set_pipapo.c);
     * an interval of a single field is two, its first value and, marked as an end, the value after its last
     * (net/netfilter/nft_set_rbtree.c).
     */
    static List<Attributes> entries(SetElement element, boolean withData) {
        Attributes entry = Attributes.of(NFTA_SET_ELEM_KEY, value(element.firstKey()));
        boolean interval = element.isInterval();
        if (interval && element.key().size() > 1) {
            entry = entry.with(NFTA_SET_ELEM_KEY_END, value(element.lastKey()));
        }
        if (withData && !element.data().isEmpty()) {
            entry = entry.with(NFTA_SET_ELEM_DATA, value(element.dataBytes()));
        }
        if (!interval || element.key().size() > 1) {
            return List.of(entry);
        }
        Optional<byte[]> after = after(element.lastKey());
        return after.isEmpty() ? List.of(entry) : List.of(entry, end(after.get()));
    }

    private static Attributes end(byte[] after) {
        return Attributes.of(NFTA_SET_ELEM_KEY, value(after)).with(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
    }

    private static Attributes value(byte[] bytes) {
        return Attributes.of(NFTA_DATA_VALUE, bytes);
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
