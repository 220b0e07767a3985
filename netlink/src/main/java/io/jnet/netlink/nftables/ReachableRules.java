package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_LOOKUP_SET;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_CHAIN;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_LIST_SET;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_LIST_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_KEY_TYPE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.WHOLE_RULE_EXPRESSIONS;
import static io.jnet.netlink.nftables.NftablesAttribute.WHOLE_SET_ELEM_LIST_ELEMENTS;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The rules of one table that a packet may meet from one of its chains on. */
final class ReachableRules {
    /** nft's number for names of interfaces (include/datatype.h, TYPE_IFNAME); a concatenation has the numbers of its parts, six bits each. */
    private static final long TYPE_IFNAME = 41;

    private static final int TYPE_BITS = 6;
    private static final long TYPE_MASK = (1 << TYPE_BITS) - 1;

    private final NetlinkSocket socket;
    private final int family;
    private final String table;
    private final Map<String, Boolean> mentioningSets = new HashMap<>();

    ReachableRules(NetlinkSocket socket, int family, String table) {
        this.socket = socket;
        this.family = family;
        this.table = table;
    }

    /** Whether one of them has these bytes; see {@link BaseChainReader#mentions}. */
    boolean mention(String chain, byte[] bytes) {
        String searched = text(bytes);
        Deque<String> open = new ArrayDeque<>(List.of(chain));
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            for (Attributes rule : rules(open.pop())) {
                boolean mentions = rule.get(WHOLE_RULE_EXPRESSIONS)
                                .filter(whole -> text(whole).contains(searched))
                                .isPresent()
                        || lookedUp(rule).anyMatch(set -> isMentioning(set, searched));
                if (mentions) {
                    return true;
                }
                ChainReader.target(rule).filter(seen::add).ifPresent(open::push);
            }
        }
        return false;
    }

    private List<Attributes> rules(String chain) {
        Attributes which = Attributes.of(NFTA_RULE_TABLE, table).with(NFTA_RULE_CHAIN, chain);
        return socket.dump(request(NftablesMessage.NFT_MSG_GETRULE, "list rules of " + chain + " in", which)).stream()
                .filter(message -> message.type() == NftablesMessage.NFT_MSG_NEWRULE)
                .map(NftablesMessage::attributes)
                .filter(rule -> rule.get(NFTA_RULE_TABLE).equals(Optional.of(table))
                        && rule.get(NFTA_RULE_CHAIN).equals(Optional.of(chain)))
                .toList();
    }

    private static Stream<String> lookedUp(Attributes rule) {
        return RuleCodec.expressions(rule, "lookup").flatMap(lookup -> lookup.get(NFTA_LOOKUP_SET).stream());
    }

    /** Sets of other types may have a hundred thousand elements, and are not read. */
    private boolean isMentioning(String set, String searched) {
        return mentioningSets.computeIfAbsent(
                set,
                name -> hasNames(name)
                        && elements(name).anyMatch(elements -> text(elements).contains(searched)));
    }

    private boolean hasNames(String set) {
        Attributes which = Attributes.of(NFTA_SET_TABLE, table).with(NFTA_SET_NAME, set);
        return socket.request(request(NftablesMessage.NFT_MSG_GETSET, "read set " + set + " in", which)).stream()
                .map(NftablesMessage::attributes)
                .anyMatch(found -> isOfNames(found.get(NFTA_SET_KEY_TYPE).orElse(0L)));
    }

    private static boolean isOfNames(long type) {
        for (long rest = type; rest != 0; rest >>>= TYPE_BITS) {
            if ((rest & TYPE_MASK) == TYPE_IFNAME) {
                return true;
            }
        }
        return false;
    }

    private Stream<byte[]> elements(String set) {
        Attributes which = Attributes.of(NFTA_SET_ELEM_LIST_TABLE, table).with(NFTA_SET_ELEM_LIST_SET, set);
        return socket
                .dump(request(NftablesMessage.NFT_MSG_GETSETELEM, "list elements of " + set + " in", which))
                .stream()
                .flatMap(message -> NftablesMessage.attributes(message).get(WHOLE_SET_ELEM_LIST_ELEMENTS).stream());
    }

    private NetlinkRequest request(int message, String operation, Attributes attributes) {
        return NetlinkRequest.of(message, NetfilterHeader.of(family), operation, table)
                .withAttributes(attributes);
    }

    /** One character for each byte. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
