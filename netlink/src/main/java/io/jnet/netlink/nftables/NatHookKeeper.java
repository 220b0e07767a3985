package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_HOOK;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_TYPE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CT_DREG;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CT_KEY;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_EXPR_DATA;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_EXPR_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_HOOK_HOOKNUM;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_HOOK_PRIORITY;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_LIST_ELEM;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_CHAIN;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_EXPRESSIONS;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_RULE_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_TABLE_FLAGS;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_TABLE_NAME;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterBatch;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkFlags;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import java.util.List;
import java.util.OptionalLong;

/**
 * Keeps connection tracking and address translation at work in a network namespace, whatever others do to the ruleset.
 *
 * <p>The kernel registers the hooks of both for rules that need them. When somebody flushes the ruleset, they go, and packets of translated
 * connections pass untranslated until rules are there again. This holds a small table of its own with one nat chain and one rule that
 * reads the connection's state and does nothing. The table belongs to this socket (NFT_TABLE_F_OWNER, Linux 5.12): a flush by others
 * passes it by (net/netfilter/nf_tables_api.c, nft_flush), and the kernel removes it when the socket is closed, however the process ends.
 *
 * <p>Thread-safe. Acts on the network namespace of the thread that opened it.
 */
public final class NatHookKeeper implements AutoCloseable {
    private static final long NFT_TABLE_F_OWNER = 2;

    private static final long NF_INET_PRE_ROUTING = 0;
    /** After everybody's own translation at -100 (NF_IP_PRI_NAT_DST). */
    private static final int PRIORITY = -90;

    private static final long NFT_REG_1 = 1;
    private static final long NFT_CT_STATE = 0;

    private static final String CHAIN = "keep";

    private enum Keeping {
        NO,
        /** The kernel's answer was lost. */
        PERHAPS,
        YES
    }

    private final Object lock = new Object();
    private final NetlinkSocket socket;
    private final String table;
    private Keeping keeping = Keeping.NO;

    private NatHookKeeper(NetlinkSocket socket, String table) {
        this.socket = socket;
        this.table = table;
    }

    /**
     * Opens a socket; nothing is kept yet.
     *
     * @param table the name of the table, in the family inet
     * @throws io.jnet.netlink.libc.KernelException when the kernel refuses
     */
    public static NatHookKeeper open(String table) {
        return new NatHookKeeper(NetlinkSocket.open(NetlinkProtocol.NETFILTER), table);
    }

    /**
     * Keeps the hooks from now on. Idempotent. Where another process holds a table of this name, that one keeps them.
     *
     * @throws NetlinkException when the kernel refuses, as one before 5.12 does
     */
    public void keep() {
        synchronized (lock) {
            if (keeping == Keeping.YES) {
                return;
            }
            release();
            try {
                keeping = Keeping.PERHAPS;
                send(List.of(table(NftablesMessage.NFT_MSG_NEWTABLE, "create"), chain(), rule()));
                keeping = Keeping.YES;
            } catch (NetlinkException refusal) {
                if (!refusal.errno().equals(Errno.EPERM)) {
                    throw refusal;
                }
                keeping = Keeping.NO;
            }
        }
    }

    /** Keeps them no more. Idempotent. */
    public void release() {
        synchronized (lock) {
            if (keeping == Keeping.NO) {
                return;
            }
            try {
                send(List.of(table(NftablesMessage.NFT_MSG_DELTABLE, "delete")));
            } catch (NetlinkException refusal) {
                if (!refusal.errno().equals(Errno.ENOENT)) {
                    throw refusal;
                }
            }
            keeping = Keeping.NO;
        }
    }

    /** Ends the table with the socket. */
    @Override
    public void close() {
        socket.close();
    }

    private void send(List<NetlinkRequest> requests) {
        socket.exchange(NetfilterBatch.frame(NftablesMessage.NFNL_SUBSYS_NFTABLES, OptionalLong.empty(), requests));
    }

    private NetlinkRequest table(int message, String operation) {
        Attributes attributes = Attributes.of(NFTA_TABLE_NAME, table);
        boolean creating = message == NftablesMessage.NFT_MSG_NEWTABLE;
        return request(message, operation + " table")
                .withFlags(creating ? NetlinkFlags.NLM_F_CREATE : 0)
                .withAttributes(creating ? attributes.with(NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER) : attributes);
    }

    private NetlinkRequest chain() {
        Attributes hook = Attributes.of(NFTA_HOOK_HOOKNUM, NF_INET_PRE_ROUTING).with(NFTA_HOOK_PRIORITY, PRIORITY);
        return request(NftablesMessage.NFT_MSG_NEWCHAIN, "create nat chain of table")
                .withFlags(NetlinkFlags.NLM_F_CREATE)
                .withAttributes(Attributes.of(NFTA_CHAIN_TABLE, table)
                        .with(NFTA_CHAIN_NAME, CHAIN)
                        .with(NFTA_CHAIN_HOOK, hook)
                        .with(NFTA_CHAIN_TYPE, "nat"));
    }

    /** {@code ct state}, into a register: an empty chain would keep translation, but not the tracking that it works on. */
    private NetlinkRequest rule() {
        Attributes state = Attributes.of(NFTA_CT_DREG, NFT_REG_1).with(NFTA_CT_KEY, NFT_CT_STATE);
        Attributes expression = Attributes.of(NFTA_EXPR_NAME, "ct").with(NFTA_EXPR_DATA, state);
        return request(NftablesMessage.NFT_MSG_NEWRULE, "create rule of table")
                .withFlags(NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_APPEND)
                .withAttributes(Attributes.of(NFTA_RULE_TABLE, table)
                        .with(NFTA_RULE_CHAIN, CHAIN)
                        .with(NFTA_RULE_EXPRESSIONS, Attributes.of(NFTA_LIST_ELEM, expression)));
    }

    private NetlinkRequest request(int message, String operation) {
        return NetlinkRequest.of(message, NetfilterHeader.of(NftablesMessage.NFPROTO_INET), operation, "inet " + table);
    }
}
