package io.jnet.netlink.nftables;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;

/**
 * Attributes of tables, chains, rules, sets and elements (include/uapi/linux/netfilter/nf_tables.h), each group by the name of its enum there.
 * The attributes of traces and of generations are with {@link TraceEvent} and {@link GenerationChange}, which alone have them.
 *
 * <p>A nest is sent with NLA_F_NESTED, as nfnetlink wants it, and read with it or without.
 */
final class NftablesAttribute {
    // nft_table_attributes
    static final Attribute<String> NFTA_TABLE_NAME = Attribute.of(1, "NFTA_TABLE_NAME", AttributeCodec.STRING);
    static final Attribute<Long> NFTA_TABLE_FLAGS = Attribute.of(2, "NFTA_TABLE_FLAGS", AttributeCodec.U32_BIG);
    static final Attribute<byte[]> NFTA_TABLE_USERDATA = Attribute.of(6, "NFTA_TABLE_USERDATA", AttributeCodec.BYTES);

    // nft_chain_attributes
    static final Attribute<String> NFTA_CHAIN_TABLE = Attribute.of(1, "NFTA_CHAIN_TABLE", AttributeCodec.STRING);
    static final Attribute<String> NFTA_CHAIN_NAME = Attribute.of(3, "NFTA_CHAIN_NAME", AttributeCodec.STRING);
    static final Attribute<Attributes> NFTA_CHAIN_HOOK =
            Attribute.of(4, "NFTA_CHAIN_HOOK", AttributeCodec.NESTED_FLAGGED);
    static final Attribute<Long> NFTA_CHAIN_POLICY = Attribute.of(5, "NFTA_CHAIN_POLICY", AttributeCodec.U32_BIG);
    static final Attribute<Long> NFTA_CHAIN_USE = Attribute.of(6, "NFTA_CHAIN_USE", AttributeCodec.U32_BIG);
    static final Attribute<String> NFTA_CHAIN_TYPE = Attribute.of(7, "NFTA_CHAIN_TYPE", AttributeCodec.STRING);

    // nft_hook_attributes
    static final Attribute<Long> NFTA_HOOK_HOOKNUM = Attribute.of(1, "NFTA_HOOK_HOOKNUM", AttributeCodec.U32_BIG);
    static final Attribute<Integer> NFTA_HOOK_PRIORITY = Attribute.of(2, "NFTA_HOOK_PRIORITY", AttributeCodec.S32_BIG);

    // nft_rule_attributes
    static final Attribute<String> NFTA_RULE_TABLE = Attribute.of(1, "NFTA_RULE_TABLE", AttributeCodec.STRING);
    static final Attribute<String> NFTA_RULE_CHAIN = Attribute.of(2, "NFTA_RULE_CHAIN", AttributeCodec.STRING);
    static final Attribute<Attributes> NFTA_RULE_EXPRESSIONS =
            Attribute.of(4, "NFTA_RULE_EXPRESSIONS", AttributeCodec.NESTED_FLAGGED);
    /** As one piece: who looks for bytes anywhere in a rule does not take it apart. */
    static final Attribute<byte[]> WHOLE_RULE_EXPRESSIONS =
            Attribute.of(4, "NFTA_RULE_EXPRESSIONS", AttributeCodec.BYTES);

    // nft_list_attributes
    static final Attribute<Attributes> NFTA_LIST_ELEM =
            Attribute.of(1, "NFTA_LIST_ELEM", AttributeCodec.NESTED_FLAGGED);

    // nft_expr_attributes
    static final Attribute<String> NFTA_EXPR_NAME = Attribute.of(1, "NFTA_EXPR_NAME", AttributeCodec.STRING);
    static final Attribute<Attributes> NFTA_EXPR_DATA =
            Attribute.of(2, "NFTA_EXPR_DATA", AttributeCodec.NESTED_FLAGGED);

    // nft_immediate_attributes
    static final Attribute<Attributes> NFTA_IMMEDIATE_DATA =
            Attribute.of(2, "NFTA_IMMEDIATE_DATA", AttributeCodec.NESTED_FLAGGED);

    // nft_data_attributes
    static final Attribute<byte[]> NFTA_DATA_VALUE = Attribute.of(1, "NFTA_DATA_VALUE", AttributeCodec.BYTES);
    static final Attribute<Attributes> NFTA_DATA_VERDICT =
            Attribute.of(2, "NFTA_DATA_VERDICT", AttributeCodec.NESTED_FLAGGED);

    // nft_verdict_attributes
    static final Attribute<Integer> NFTA_VERDICT_CODE = Attribute.of(1, "NFTA_VERDICT_CODE", AttributeCodec.S32_BIG);
    static final Attribute<String> NFTA_VERDICT_CHAIN = Attribute.of(2, "NFTA_VERDICT_CHAIN", AttributeCodec.STRING);

    // nft_lookup_attributes
    static final Attribute<String> NFTA_LOOKUP_SET = Attribute.of(1, "NFTA_LOOKUP_SET", AttributeCodec.STRING);

    // nft_ct_attributes
    static final Attribute<Long> NFTA_CT_DREG = Attribute.of(1, "NFTA_CT_DREG", AttributeCodec.U32_BIG);
    static final Attribute<Long> NFTA_CT_KEY = Attribute.of(2, "NFTA_CT_KEY", AttributeCodec.U32_BIG);

    // nft_counter_attributes
    static final Attribute<Long> NFTA_COUNTER_PACKETS = Attribute.of(2, "NFTA_COUNTER_PACKETS", AttributeCodec.U64_BIG);

    // nft_target_attributes, of an extension of x_tables
    static final Attribute<String> NFTA_TARGET_NAME = Attribute.of(1, "NFTA_TARGET_NAME", AttributeCodec.STRING);

    // nft_match_attributes, of an extension of x_tables
    static final Attribute<String> NFTA_MATCH_NAME = Attribute.of(1, "NFTA_MATCH_NAME", AttributeCodec.STRING);

    // nft_set_attributes
    static final Attribute<String> NFTA_SET_TABLE = Attribute.of(1, "NFTA_SET_TABLE", AttributeCodec.STRING);
    static final Attribute<String> NFTA_SET_NAME = Attribute.of(2, "NFTA_SET_NAME", AttributeCodec.STRING);
    static final Attribute<Long> NFTA_SET_FLAGS = Attribute.of(3, "NFTA_SET_FLAGS", AttributeCodec.U32_BIG);
    static final Attribute<Long> NFTA_SET_KEY_TYPE = Attribute.of(4, "NFTA_SET_KEY_TYPE", AttributeCodec.U32_BIG);

    // nft_set_elem_list_attributes
    static final Attribute<String> NFTA_SET_ELEM_LIST_TABLE =
            Attribute.of(1, "NFTA_SET_ELEM_LIST_TABLE", AttributeCodec.STRING);
    static final Attribute<String> NFTA_SET_ELEM_LIST_SET =
            Attribute.of(2, "NFTA_SET_ELEM_LIST_SET", AttributeCodec.STRING);
    static final Attribute<Attributes> NFTA_SET_ELEM_LIST_ELEMENTS =
            Attribute.of(3, "NFTA_SET_ELEM_LIST_ELEMENTS", AttributeCodec.NESTED_FLAGGED);
    /** As one piece, like {@link #WHOLE_RULE_EXPRESSIONS}. */
    static final Attribute<byte[]> WHOLE_SET_ELEM_LIST_ELEMENTS =
            Attribute.of(3, "NFTA_SET_ELEM_LIST_ELEMENTS", AttributeCodec.BYTES);

    // nft_set_elem_attributes
    static final Attribute<Attributes> NFTA_SET_ELEM_KEY =
            Attribute.of(1, "NFTA_SET_ELEM_KEY", AttributeCodec.NESTED_FLAGGED);
    static final Attribute<Attributes> NFTA_SET_ELEM_DATA =
            Attribute.of(2, "NFTA_SET_ELEM_DATA", AttributeCodec.NESTED_FLAGGED);
    static final Attribute<Long> NFTA_SET_ELEM_FLAGS = Attribute.of(3, "NFTA_SET_ELEM_FLAGS", AttributeCodec.U32_BIG);
    /** What a packet that finds the element does beside: one expression. Several are a list of another attribute. */
    static final Attribute<Attributes> NFTA_SET_ELEM_EXPR =
            Attribute.of(7, "NFTA_SET_ELEM_EXPR", AttributeCodec.NESTED_FLAGGED);

    static final Attribute<Attributes> NFTA_SET_ELEM_KEY_END =
            Attribute.of(10, "NFTA_SET_ELEM_KEY_END", AttributeCodec.NESTED_FLAGGED);

    private NftablesAttribute() {}
}
