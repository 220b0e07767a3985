package io.jnet.netlink.nftables;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A chain or a rule has decided something about a packet that is traced ({@code meta nftrace set 1}).
 *
 * @param packet the number of the packet, the same at all hooks
 * @param family that of the table, as nft(8) writes it
 * @param table the table's name
 * @param chain the chain's name
 * @param kind what has decided
 * @param rule the handle of the rule
 * @param verdict what it decided; for a policy that of the chain
 * @param content the packet as it was, in the first event of each base chain only
 * @param in the index of the link that it came by, where {@code content} is
 * @param out the index of the link that it leaves by, where {@code content} is
 */
public record TraceEvent(
        long packet,
        String family,
        String table,
        String chain,
        Kind kind,
        OptionalLong rule,
        TraceVerdict verdict,
        Optional<TracedPacket> content,
        OptionalInt in,
        OptionalInt out) {

    /** {@code NFT_TRACETYPE_...}. */
    public enum Kind {
        /** A kind that this does not know. */
        OTHER,
        /** The end of a base chain, without a verdict of a rule. */
        POLICY,
        /** The end of a chain that was jumped to. */
        RETURN,
        RULE
    }

    private static final Attribute<String> NFTA_TRACE_TABLE =
            Attribute.of(1, "NFTA_TRACE_TABLE", AttributeCodec.STRING);
    private static final Attribute<String> NFTA_TRACE_CHAIN =
            Attribute.of(2, "NFTA_TRACE_CHAIN", AttributeCodec.STRING);
    private static final Attribute<Long> NFTA_TRACE_RULE_HANDLE =
            Attribute.of(3, "NFTA_TRACE_RULE_HANDLE", AttributeCodec.U64_BIG);
    private static final Attribute<Long> NFTA_TRACE_TYPE = Attribute.of(4, "NFTA_TRACE_TYPE", AttributeCodec.U32_BIG);
    private static final Attribute<Attributes> NFTA_TRACE_VERDICT =
            Attribute.of(5, "NFTA_TRACE_VERDICT", AttributeCodec.NESTED);
    private static final Attribute<Long> NFTA_TRACE_ID = Attribute.of(6, "NFTA_TRACE_ID", AttributeCodec.U32_BIG);
    private static final Attribute<byte[]> NFTA_TRACE_NETWORK_HEADER =
            Attribute.of(8, "NFTA_TRACE_NETWORK_HEADER", AttributeCodec.BYTES);
    private static final Attribute<byte[]> NFTA_TRACE_TRANSPORT_HEADER =
            Attribute.of(9, "NFTA_TRACE_TRANSPORT_HEADER", AttributeCodec.BYTES);
    private static final Attribute<Integer> NFTA_TRACE_IIF = Attribute.of(10, "NFTA_TRACE_IIF", AttributeCodec.S32_BIG);
    private static final Attribute<Integer> NFTA_TRACE_OIF = Attribute.of(12, "NFTA_TRACE_OIF", AttributeCodec.S32_BIG);
    private static final Attribute<Integer> NFTA_TRACE_POLICY =
            Attribute.of(16, "NFTA_TRACE_POLICY", AttributeCodec.S32_BIG);

    private static final byte[] NO_BYTES = {};

    /**
     * The event that a message of the group NFNLGRP_NFTRACE is; nothing for any other message.
     *
     * @throws NetlinkException when the message is malformed
     */
    public static Optional<TraceEvent> decode(NetlinkMessage message) {
        if (message.type() != NftablesMessage.NFT_MSG_TRACE) {
            return Optional.empty();
        }
        NetlinkReader reader = message.reader();
        int family = NetfilterHeader.read(reader).family();
        Attributes attributes = Attributes.read(reader);
        reader.finish("nftables trace event");
        Kind kind = kind(attributes.get(NFTA_TRACE_TYPE).orElse(0L));
        return Optional.of(new TraceEvent(
                attributes.get(NFTA_TRACE_ID).orElse(0L),
                BaseChainReader.familyText(family),
                attributes.get(NFTA_TRACE_TABLE).orElse(""),
                attributes.get(NFTA_TRACE_CHAIN).orElse(""),
                kind,
                attributes.get(NFTA_TRACE_RULE_HANDLE).map(OptionalLong::of).orElse(OptionalLong.empty()),
                verdict(kind, attributes),
                TracedPacket.of(
                        attributes.get(NFTA_TRACE_NETWORK_HEADER).orElse(NO_BYTES),
                        attributes.get(NFTA_TRACE_TRANSPORT_HEADER).orElse(NO_BYTES)),
                index(attributes, NFTA_TRACE_IIF),
                index(attributes, NFTA_TRACE_OIF)));
    }

    private static Kind kind(long type) {
        Kind[] known = Kind.values();
        return type < known.length && type >= 0 ? known[(int) type] : Kind.OTHER;
    }

    private static TraceVerdict verdict(Kind kind, Attributes attributes) {
        if (kind == Kind.POLICY) {
            return new TraceVerdict(attributes.get(NFTA_TRACE_POLICY).orElse(TraceVerdict.ACCEPT), Optional.empty());
        }
        return TraceVerdict.of(attributes.get(NFTA_TRACE_VERDICT).orElse(Attributes.none()));
    }

    private static OptionalInt index(Attributes attributes, Attribute<Integer> which) {
        return attributes.get(which).map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
