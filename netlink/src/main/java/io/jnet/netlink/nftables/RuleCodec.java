package io.jnet.netlink.nftables;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import java.util.Optional;
import java.util.stream.Stream;

/** What rules are made of (include/uapi/linux/netfilter/nf_tables.h, nft_rule_attributes and nft_expr_attributes). */
final class RuleCodec {
    static final Attribute<String> NFTA_RULE_TABLE = Attribute.of(1, "NFTA_RULE_TABLE", AttributeCodec.STRING);
    static final Attribute<String> NFTA_RULE_CHAIN = Attribute.of(2, "NFTA_RULE_CHAIN", AttributeCodec.STRING);
    private static final int RULE_EXPRESSIONS = 4;
    /** Not taken apart. */
    static final Attribute<byte[]> NFTA_RULE_EXPRESSIONS =
            Attribute.of(RULE_EXPRESSIONS, "NFTA_RULE_EXPRESSIONS", AttributeCodec.BYTES);

    private static final Attribute<Attributes> EXPRESSION_LIST =
            Attribute.of(RULE_EXPRESSIONS, "NFTA_RULE_EXPRESSIONS", AttributeCodec.NESTED);
    private static final Attribute<Attributes> NFTA_LIST_ELEM =
            Attribute.of(1, "NFTA_LIST_ELEM", AttributeCodec.NESTED);
    private static final Attribute<String> NFTA_EXPR_NAME = Attribute.of(1, "NFTA_EXPR_NAME", AttributeCodec.STRING);
    private static final Attribute<Attributes> NFTA_EXPR_DATA =
            Attribute.of(2, "NFTA_EXPR_DATA", AttributeCodec.NESTED);

    private RuleCodec() {}

    /** The data of a rule's expressions of one kind, in order. */
    static Stream<Attributes> expressions(Attributes rule, String kind) {
        return expressions(rule)
                .filter(expression -> expression.get(NFTA_EXPR_NAME).equals(Optional.of(kind)))
                .flatMap(expression -> expression.get(NFTA_EXPR_DATA).stream());
    }

    /** The kinds of a rule's expressions, in order: {@code counter}, {@code immediate}. */
    static Stream<String> kinds(Attributes rule) {
        return expressions(rule)
                .map(expression -> expression.get(NFTA_EXPR_NAME).orElse(""));
    }

    private static Stream<Attributes> expressions(Attributes rule) {
        return rule.get(EXPRESSION_LIST).orElse(Attributes.none()).all(NFTA_LIST_ELEM).stream();
    }
}
