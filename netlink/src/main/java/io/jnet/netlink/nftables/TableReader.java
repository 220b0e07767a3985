package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_USE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_LIST_ELEM;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_LIST_ELEMENTS;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_LIST_SET;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_LIST_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_FLAGS;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_TABLE_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_TABLE_USERDATA;
import static io.jnet.netlink.nftables.NftablesAttribute.WHOLE_RULE_EXPRESSIONS;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at one table by nfnetlink: its comment, the names of its chains and sets, the elements of its sets. Costs what the
 * table holds, whatever else the ruleset has. All methods throw {@link NetlinkException} when the kernel refuses.
 */
public final class TableReader {
    private static final long NFT_SET_ANONYMOUS = 1;
    private static final int NFTNL_UDATA_TABLE_COMMENT = 0;

    private final NetlinkSocket socket;
    private final TableFamily family;
    private final String table;

    /** As {@link #TableReader(NetlinkSocket, TableFamily, String)}, of the family {@code inet}. */
    public TableReader(NetlinkSocket socket, String table) {
        this(socket, TableFamily.INET, table);
    }

    /**
     * @param socket of {@link io.jnet.netlink.NetlinkProtocol#NETFILTER}
     * @param family the table's family
     * @param table the table's name
     */
    public TableReader(NetlinkSocket socket, TableFamily family, String table) {
        this.socket = socket;
        this.family = family;
        this.table = table;
    }

    /** The table's comment, empty text when it has none; nothing when there is no such table. */
    public Optional<String> comment() {
        try {
            return socket
                    .request(request(
                            NftablesMessage.NFT_MSG_GETTABLE, "read table", Attributes.of(NFTA_TABLE_NAME, table)))
                    .stream()
                    .map(NftablesMessage::attributes)
                    .map(attributes -> attributes
                            .get(NFTA_TABLE_USERDATA)
                            .map(TableReader::comment)
                            .orElse(""))
                    .findFirst();
        } catch (NetlinkException refusal) {
            if (refusal.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /** The names of the table's chains. */
    public Set<String> chains() {
        return chainUses().keySet();
    }

    /** By the names of the table's chains, how many rules each has and how many rules and elements lead to it, together. */
    public Map<String, Long> chainUses() {
        Map<String, Long> uses = new TreeMap<>();
        for (Attributes chain : dump(NftablesMessage.NFT_MSG_GETCHAIN, "list chains of", Attributes.none())) {
            if (chain.get(NFTA_CHAIN_TABLE).equals(Optional.of(table))) {
                uses.put(
                        chain.get(NFTA_CHAIN_NAME).orElse(""),
                        chain.get(NFTA_CHAIN_USE).orElse(0L));
            }
        }
        return uses;
    }

    /** The names of the table's sets and maps, without those that belong to a rule. */
    public Set<String> sets() {
        Set<String> names = new TreeSet<>();
        for (Attributes set :
                dump(NftablesMessage.NFT_MSG_GETSET, "list sets of", Attributes.of(NFTA_SET_TABLE, table))) {
            boolean named = (set.get(NFTA_SET_FLAGS).orElse(0L) & NFT_SET_ANONYMOUS) == 0;
            if (named && set.get(NFTA_SET_TABLE).equals(Optional.of(table))) {
                names.add(set.get(NFTA_SET_NAME).orElse(""));
            }
        }
        return names;
    }

    /** The elements of a set or map, each as {@link SetElement#entries()} gives it. */
    public List<List<SetEntry>> elements(String set) {
        Attributes which = Attributes.of(NFTA_SET_ELEM_LIST_TABLE, table).with(NFTA_SET_ELEM_LIST_SET, set);
        return ElementCodec.group(
                dump(NftablesMessage.NFT_MSG_GETSETELEM, "list elements of " + set + " in", which).stream()
                        .flatMap(message -> message.get(NFTA_SET_ELEM_LIST_ELEMENTS).stream())
                        .flatMap(list -> list.all(NFTA_LIST_ELEM).stream())
                        .map(element -> ElementCodec.decode(set, element))
                        .toList());
    }

    /** Whether a rule of any of its chains has some of these bytes among what it compares with or computes by. */
    public boolean mentionsAny(List<byte[]> texts) {
        List<String> searched = texts.stream().map(TableReader::text).toList();
        return dump(NftablesMessage.NFT_MSG_GETRULE, "list rules of", Attributes.of(NFTA_RULE_TABLE, table)).stream()
                .filter(rule -> rule.get(NFTA_RULE_TABLE).equals(Optional.of(table)))
                .flatMap(rule -> rule.get(WHOLE_RULE_EXPRESSIONS).stream())
                .map(TableReader::text)
                .anyMatch(expressions -> searched.stream().anyMatch(expressions::contains));
    }

    /** One character for each byte. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /**
     * The counted elements of a map or set whose intervals, if it has any, are of concatenations; none where there is no such set. Elements
     * without a counter are left out.
     */
    public List<CountedEntry> counted(String set) {
        Attributes which = Attributes.of(NFTA_SET_ELEM_LIST_TABLE, table).with(NFTA_SET_ELEM_LIST_SET, set);
        List<CountedEntry> counted = new ArrayList<>();
        try {
            for (Attributes message :
                    dump(NftablesMessage.NFT_MSG_GETSETELEM, "list counters of " + set + " in", which)) {
                for (Attributes list : message.all(NFTA_SET_ELEM_LIST_ELEMENTS)) {
                    for (Attributes element : list.all(NFTA_LIST_ELEM)) {
                        ElementCodec.packets(element)
                                .ifPresent(packets ->
                                        counted.add(new CountedEntry(ElementCodec.decode(set, element), packets)));
                    }
                }
            }
            return counted;
        } catch (NetlinkException refusal) {
            if (refusal.errno().equals(Errno.ENOENT)) {
                return List.of();
            }
            throw refusal;
        }
    }

    private List<Attributes> dump(int message, String operation, Attributes attributes) {
        return socket.dump(request(message, operation, attributes)).stream()
                .map(NftablesMessage::attributes)
                .toList();
    }

    private NetlinkRequest request(int message, String operation, Attributes attributes) {
        return NetlinkRequest.of(message, NetfilterHeader.of(family.number()), operation, family.text() + " " + table)
                .withAttributes(attributes);
    }

    /** nft's own format (libnftnl, udata.h): type, length, value; the comment's value is text with a terminating zero. */
    private static String comment(byte[] userData) {
        int offset = 0;
        while (offset + 2 <= userData.length) {
            int length = Math.min(userData[offset + 1] & 0xff, userData.length - offset - 2);
            if (userData[offset] == NFTNL_UDATA_TABLE_COMMENT && length > 0) {
                return new String(userData, offset + 2, length - 1, StandardCharsets.UTF_8);
            }
            offset += 2 + length;
        }
        return "";
    }
}
