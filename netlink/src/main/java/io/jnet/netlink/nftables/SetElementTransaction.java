package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_LIST_ELEM;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_LIST_ELEMENTS;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_LIST_SET;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_SET_ELEM_LIST_TABLE;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterBatch;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkFlags;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Changes of elements in sets and maps of one table, which take effect together or not at all. Each element travels in a
 * message of its own, so that a refusal names its element.
 *
 * <p>For sets that hold intervals (flag {@code interval}) the kernel does not refuse a key that is inside another's interval or around
 * it in every case: that is for the caller to know.
 */
public final class SetElementTransaction {
    private enum Verb {
        ADD("add element", NftablesMessage.NFT_MSG_NEWSETELEM, NetlinkFlags.NLM_F_CREATE),
        CREATE(
                "create element",
                NftablesMessage.NFT_MSG_NEWSETELEM,
                NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL),
        DELETE("delete element", NftablesMessage.NFT_MSG_DELSETELEM, 0),
        DELETE_IF_PRESENT("delete element if present", NftablesMessage.NFT_MSG_DELSETELEM, 0);

        private final String operation;
        private final int type;
        private final int flags;

        Verb(String operation, int type, int flags) {
            this.operation = operation;
            this.type = type;
            this.flags = flags;
        }
    }

    /**
     * @param entries both ends of an interval in one message: the kernel wants an end to follow its start (nft_set_rbtree.c)
     * @param object set and element, for errors and to find the element again by its refusal
     */
    private record Change(Verb verb, List<SetEntry> entries, String object) {}

    private final TableFamily family;
    private final String table;
    private final List<Change> changes = new ArrayList<>();
    /** What is deleted if it is present. */
    private final Set<String> tolerant = new HashSet<>();

    private SetElementTransaction(TableFamily family, String table) {
        this.family = family;
        this.table = table;
    }

    /** An empty transaction on the table {@code inet TABLE}. */
    public static SetElementTransaction on(String table) {
        return on(TableFamily.INET, table);
    }

    /** An empty transaction on the table of a family. */
    public static SetElementTransaction on(TableFamily family, String table) {
        return new SetElementTransaction(family, table);
    }

    /** Adds an element; one that is there already, with the same data, is fine. EBUSY when it has other data. */
    public SetElementTransaction add(SetElement element) {
        return with(Verb.ADD, element);
    }

    /** Adds an element that must be new: EEXIST otherwise. */
    public SetElementTransaction create(SetElement element) {
        return with(Verb.CREATE, element);
    }

    /** Deletes an element that must be there: ENOENT otherwise. Data is of no account. */
    public SetElementTransaction delete(SetElement element) {
        return with(Verb.DELETE, element);
    }

    /** Deletes an element if it, its set and its table are there. */
    public SetElementTransaction deleteIfPresent(SetElement element) {
        return with(Verb.DELETE_IF_PRESENT, element);
    }

    /** Deletes an element that must be there, as {@link TableReader#elements} gives it: ENOENT otherwise. */
    public SetElementTransaction delete(List<SetEntry> element) {
        changes.add(new Change(Verb.DELETE, List.copyOf(element), family.text() + " " + table + " " + element));
        return this;
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * Makes the changes.
     *
     * @param socket of {@link io.jnet.netlink.NetlinkProtocol#NETFILTER}
     * @throws NetlinkException the first refusal, which names operation, set and element; the others are suppressed in it
     */
    public void commit(NetlinkSocket socket) {
        List<Change> remaining = new ArrayList<>(changes);
        while (!remaining.isEmpty()) {
            try {
                socket.exchange(NetfilterBatch.frame(
                        NftablesMessage.NFNL_SUBSYS_NFTABLES,
                        OptionalLong.empty(),
                        remaining.stream().map(this::request).toList()));
                return;
            } catch (NetlinkException refusal) {
                // The kernel reports every refused message of a batch. It has a deletion that tolerates absence
                // (NFT_MSG_DESTROYSETELEM) only since 6.3, so what is absent is left out here, at least one each round.
                Set<String> absent = absentOnly(refusal);
                remaining.removeIf(change -> change.verb == Verb.DELETE_IF_PRESENT && absent.contains(change.object));
            }
        }
    }

    private SetElementTransaction with(Verb verb, SetElement element) {
        String object = family.text() + " " + table + " " + element.set() + " { " + element.text() + " }";
        Change change = new Change(verb, element.entries(), object);
        // The second deletion of one element would find nothing, and the first be left out with it.
        if (verb != Verb.DELETE_IF_PRESENT || tolerant.add(object)) {
            changes.add(change);
        }
        return this;
    }

    private NetlinkRequest request(Change change) {
        boolean adding = change.verb.type == NftablesMessage.NFT_MSG_NEWSETELEM;
        List<Attributes> entries = change.entries.stream()
                .map(adding ? ElementCodec::encode : ElementCodec::encodeKey)
                .toList();
        return NetlinkRequest.of(
                        change.verb.type, NetfilterHeader.of(family.number()), change.verb.operation, change.object)
                .withFlags(change.verb.flags)
                .withAttributes(Attributes.of(NFTA_SET_ELEM_LIST_TABLE, table)
                        .with(NFTA_SET_ELEM_LIST_SET, change.entries.get(0).set())
                        .with(NFTA_SET_ELEM_LIST_ELEMENTS, Attributes.none().withEach(NFTA_LIST_ELEM, entries)));
    }

    /** The objects whose tolerant deletion found nothing. */
    private static Set<String> absentOnly(NetlinkException refusal) {
        List<NetlinkException> all = new ArrayList<>(List.of(refusal));
        for (Throwable suppressed : refusal.getSuppressed()) {
            if (suppressed instanceof NetlinkException other) {
                all.add(other);
            }
        }
        Set<String> absent = new HashSet<>();
        for (NetlinkException each : all) {
            boolean tolerated =
                    each.errno().equals(Errno.ENOENT) && each.operation().equals(Verb.DELETE_IF_PRESENT.operation);
            if (!tolerated) {
                throw refusal;
            }
            absent.add(each.object());
        }
        return absent;
    }
}
