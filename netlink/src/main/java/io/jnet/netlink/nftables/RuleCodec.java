package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_EXPR_DATA;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_EXPR_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_LIST_ELEM;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_EXPRESSIONS;

import io.jnet.netlink.Attributes;
import java.util.Optional;
import java.util.stream.Stream;

/** What rules are made of (include/uapi/linux/netfilter/nf_tables.h, nft_rule_attributes and nft_expr_attributes). */
final class RuleCodec {
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
        return rule.get(NFTA_RULE_EXPRESSIONS).orElse(Attributes.none()).all(NFTA_LIST_ELEM).stream();
    }
}
