package io.jnet.netlink.nftables;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.util.List;
import java.util.Optional;

/**
 * Looks at single chains by nfnetlink: whether they are there, and which chains their rules lead to. Costs what these chains hold,
 * whatever else the ruleset has.
 */
public final class ChainReader {
    private static final Attribute<String> NFTA_CHAIN_TABLE =
            Attribute.of(1, "NFTA_CHAIN_TABLE", AttributeCodec.STRING);
    private static final Attribute<String> NFTA_CHAIN_NAME = Attribute.of(3, "NFTA_CHAIN_NAME", AttributeCodec.STRING);

    private static final Attribute<Attributes> NFTA_IMMEDIATE_DATA =
            Attribute.of(2, "NFTA_IMMEDIATE_DATA", AttributeCodec.NESTED);
    private static final Attribute<Attributes> NFTA_DATA_VERDICT =
            Attribute.of(2, "NFTA_DATA_VERDICT", AttributeCodec.NESTED);
    private static final Attribute<String> NFTA_VERDICT_CHAIN =
            Attribute.of(2, "NFTA_VERDICT_CHAIN", AttributeCodec.STRING);

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
        NetlinkRequest request = request(NftablesMessage.GETCHAIN, chain, "read chain")
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
     * For each rule of the chain, in order, the chain that its verdict jumps or goes to, if it does; no rules when the chain is not there.
     *
     * @throws NetlinkException when the kernel refuses
     */
    public List<Optional<String>> targets(ChainReference chain) {
        NetlinkRequest request = request(NftablesMessage.GETRULE, chain, "list rules of")
                .withAttributes(Attributes.of(RuleCodec.NFTA_RULE_TABLE, chain.table())
                        .with(RuleCodec.NFTA_RULE_CHAIN, chain.chain()));
        return socket.dump(request).stream()
                .filter(message -> message.type() == NftablesMessage.type(NftablesMessage.NEWRULE))
                .map(NftablesMessage::attributes)
                .filter(rule -> rule.get(RuleCodec.NFTA_RULE_TABLE).equals(Optional.of(chain.table()))
                        && rule.get(RuleCodec.NFTA_RULE_CHAIN).equals(Optional.of(chain.chain())))
                .map(ChainReader::target)
                .toList();
    }

    /** The chain that a rule jumps or goes to. */
    static Optional<String> target(Attributes rule) {
        return RuleCodec.expressions(rule, "immediate")
                .flatMap(immediate -> immediate.get(NFTA_IMMEDIATE_DATA).stream())
                .flatMap(data -> data.get(NFTA_DATA_VERDICT).stream())
                .flatMap(verdict -> verdict.get(NFTA_VERDICT_CHAIN).stream())
                .findFirst();
    }

    private static NetlinkRequest request(int message, ChainReference chain, String operation) {
        return NetlinkRequest.of(
                NftablesMessage.type(message), NetfilterHeader.of(chain.protocolFamily()), operation, chain.toString());
    }
}
