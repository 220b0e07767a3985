package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_DATA_VERDICT;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_IMMEDIATE_DATA;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_MATCH_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_CHAIN;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_TARGET_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_VERDICT_CHAIN;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_VERDICT_CODE;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at single chains by nfnetlink: whether they are there, and where their rules lead. Costs what these chains hold, whatever else the
 * ruleset has.
 */
public final class ChainReader {
    /** Of include/uapi/linux/netfilter.h. */
    private static final int NF_DROP = 0;

    /** Expressions that compare nothing; of the extensions those of this name. */
    private static final Set<String> FOR_ALL = Set.of("counter", "immediate", "reject", "target");

    private static final String COMMENT = "comment";

    private final NetlinkSocket socket;

    /**
     * @param socket of {@link io.jnet.netlink.NetlinkProtocol#NETFILTER}
     */
    public ChainReader(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Whether the chain is there.
     *
     * @throws NetlinkException when the kernel refuses for another reason
     */
    public boolean exists(ChainReference chain) {
        NetlinkRequest request = request(NftablesMessage.NFT_MSG_GETCHAIN, chain, "read chain")
                .withAttributes(Attributes.of(NFTA_CHAIN_TABLE, chain.table()).with(NFTA_CHAIN_NAME, chain.chain()));
        try {
            return !socket.request(request).isEmpty();
        } catch (NetlinkException refusal) {
            if (refusal.errno().equals(Errno.ENOENT)) {
                return false;
            }
            throw refusal;
        }
    }

    /**
     * The rules of the chain, in order; none when the chain is not there.
     *
     * @throws NetlinkException when the kernel refuses
     */
    public List<ChainRule> rules(ChainReference chain) {
        NetlinkRequest request = request(NftablesMessage.NFT_MSG_GETRULE, chain, "list rules of")
                .withAttributes(Attributes.of(NFTA_RULE_TABLE, chain.table()).with(NFTA_RULE_CHAIN, chain.chain()));
        return socket.dump(request).stream()
                .filter(message -> message.type() == NftablesMessage.NFT_MSG_NEWRULE)
                .map(NftablesMessage::attributes)
                .filter(rule -> rule.get(NFTA_RULE_TABLE).equals(Optional.of(chain.table()))
                        && rule.get(NFTA_RULE_CHAIN).equals(Optional.of(chain.chain())))
                .map(rule -> new ChainRule(isForAll(rule), refuses(rule), target(rule)))
                .toList();
    }

    /**
     * For each rule of the chain, in order, the chain that its verdict jumps or goes to, if it does; no rules when the chain is not there.
     *
     * @throws NetlinkException when the kernel refuses
     */
    public List<Optional<String>> targets(ChainReference chain) {
        return rules(chain).stream().map(ChainRule::target).toList();
    }

    /** The chain that a rule jumps or goes to. */
    static Optional<String> target(Attributes rule) {
        return verdicts(rule)
                .flatMap(verdict -> verdict.get(NFTA_VERDICT_CHAIN).stream())
                .findFirst();
    }

    private static boolean isForAll(Attributes rule) {
        Set<String> others =
                RuleCodec.kinds(rule).filter(kind -> !FOR_ALL.contains(kind)).collect(Collectors.toSet());
        return others.isEmpty()
                || (others.equals(Set.of("match"))
                        && RuleCodec.expressions(rule, "match")
                                .allMatch(match -> match.get(NFTA_MATCH_NAME).equals(Optional.of(COMMENT))));
    }

    private static boolean refuses(Attributes rule) {
        return RuleCodec.kinds(rule).anyMatch("reject"::equals)
                || RuleCodec.expressions(rule, "target")
                        .anyMatch(target -> target.get(NFTA_TARGET_NAME).equals(Optional.of("REJECT")))
                || verdicts(rule)
                        .flatMap(verdict -> verdict.get(NFTA_VERDICT_CODE).stream())
                        .anyMatch(code -> code == NF_DROP);
    }

    private static Stream<Attributes> verdicts(Attributes rule) {
        return RuleCodec.expressions(rule, "immediate")
                .flatMap(immediate -> immediate.get(NFTA_IMMEDIATE_DATA).stream())
                .flatMap(data -> data.get(NFTA_DATA_VERDICT).stream());
    }

    private static NetlinkRequest request(int message, ChainReference chain, String operation) {
        return NetlinkRequest.of(message, NetfilterHeader.of(chain.protocolFamily()), operation, chain.toString());
    }
}
