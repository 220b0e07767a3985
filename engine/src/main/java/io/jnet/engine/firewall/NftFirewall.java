package io.jnet.engine.firewall;

import io.jnet.engine.EngineException;
import io.jnet.engine.ErrorCode;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.nftables.NatHookKeeper;
import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.NftablesException;
import io.jnet.netlink.nftables.SetElementTransaction;
import io.jnet.netlink.nftables.TableReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The firewall as {@code table inet jnet} of the kernel. The table comes and goes through libnftables; networks and ports are elements of
 * its sets and maps, which need no library. Thread-safe.
 */
public final class NftFirewall implements Firewall, AutoCloseable {
    private static final Errno ENOTEMPTY = Errno.of(39);
    /** Beside the table itself, as long as this firewall is open: see {@link NatHookKeeper}. */
    private static final String KEEPING_TABLE = "jnet_keep";

    private static final String NAME = "table inet " + Ruleset.TABLE;

    private final Object lock = new Object();
    private final Nftables nftables;
    private final NetlinkSocket socket;
    private final NatHookKeeper hooks;
    private final TableReader table;

    private NftFirewall(Nftables nftables, NetlinkSocket socket, NatHookKeeper hooks) {
        this.nftables = nftables;
        this.socket = socket;
        this.hooks = hooks;
        this.table = new TableReader(socket, Ruleset.TABLE);
    }

    /**
     * Opens the firewall of the calling thread's network namespace. Changes nothing.
     *
     * @throws EngineException with {@code KERNEL} when libnftables or nfnetlink is not there
     */
    public static NftFirewall open() {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            Nftables nftables = Nftables.open();
            opened.push(nftables);
            NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER);
            opened.push(socket);
            return new NftFirewall(nftables, socket, NatHookKeeper.open(KEEPING_TABLE));
        } catch (NftablesException | KernelException failure) {
            closeAll(opened, failure);
            throw new EngineException(ErrorCode.KERNEL, failure.getMessage(), failure);
        }
    }

    @Override
    public void install(FirewallState desired) {
        synchronized (lock) {
            try {
                Optional<String> comment = table.comment();
                if (comment.isEmpty()) {
                    create(desired);
                } else if (!Ruleset.isOwner(desired.owner(), comment.get())) {
                    throw EngineException.conflict(NAME + " belongs to another state (\"" + comment.get()
                            + "\"): use the state folder that it is of, or remove it with: nft delete " + NAME);
                } else if (comment.get().equals(Ruleset.commentText(desired)) && hasOurStructure()) {
                    converge(desired);
                } else {
                    // Another version's table: the only case in which all changes at the same moment.
                    run("replace " + NAME, Ruleset.uninstall() + Ruleset.table(desired));
                }
                hooks.keep();
            } catch (NetlinkException refusal) {
                throw failure(refusal);
            }
        }
    }

    @Override
    public void uninstall() {
        synchronized (lock) {
            run("remove " + NAME, Ruleset.uninstall());
            try {
                hooks.release();
            } catch (NetlinkException refusal) {
                throw failure(refusal);
            }
        }
    }

    @Override
    public boolean isInstalled() {
        synchronized (lock) {
            try {
                return table.comment().isPresent() && hasOurStructure();
            } catch (NetlinkException refusal) {
                throw failure(refusal);
            }
        }
    }

    @Override
    public void setSurroundings(Surroundings surroundings) {
        synchronized (lock) {
            try {
                ElementDifference.between(table::elements, Elements.of(surroundings), TableSet.OF_SURROUNDINGS)
                        .commit(socket);
            } catch (NetlinkException refusal) {
                throw failure(refusal);
            }
        }
    }

    @Override
    public void addNetwork(NetworkRules network) {
        SetElementTransaction transaction = SetElementTransaction.on(Ruleset.TABLE);
        Elements.of(network).forEach(transaction::add);
        commit(transaction);
    }

    @Override
    public void removeNetwork(NetworkRules network) {
        SetElementTransaction transaction = SetElementTransaction.on(Ruleset.TABLE);
        Elements.of(network).forEach(transaction::deleteIfPresent);
        commit(transaction);
    }

    @Override
    public void publish(List<Publication> publications) {
        SetElementTransaction transaction = SetElementTransaction.on(Ruleset.TABLE);
        publications.forEach(publication -> transaction.add(Elements.of(publication)));
        commit(transaction);
    }

    @Override
    public void unpublish(List<Publication> publications) {
        SetElementTransaction transaction = SetElementTransaction.on(Ruleset.TABLE);
        publications.forEach(publication -> transaction.deleteIfPresent(Elements.of(publication)));
        commit(transaction);
    }

    /** Releases the library's context and the sockets; the rules stay. */
    @Override
    public void close() {
        nftables.close();
        socket.close();
        hooks.close();
    }

    /**
     * Sets before rules: a rule that drops what is NOT in a set must not be there a moment before the set is filled, which it is in the
     * transaction that brings both (see {@link ElementDifference}).
     */
    private void create(FirewallState desired) {
        run("create " + NAME, Ruleset.tableOfSets(desired));
        try {
            run("create rules of " + NAME, Ruleset.rules());
        } catch (EngineException refusal) {
            run("remove " + NAME, Ruleset.uninstall());
            throw refusal;
        }
    }

    /** Elements, then rules: each by one transaction that leaves alone what is right, and neither depends on the other. */
    private void converge(FirewallState desired) {
        ElementDifference.between(table::elements, Elements.of(desired), List.of(TableSet.values()))
                .commit(socket);
        run("install rules of " + NAME, Ruleset.rules());
    }

    private boolean hasOurStructure() {
        Set<String> chains = table.chains();
        return Ruleset.chainNames().containsAll(chains) && table.sets().equals(Ruleset.setNames());
    }

    private static void closeAll(Deque<AutoCloseable> opened, RuntimeException failure) {
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception second) {
                failure.addSuppressed(second);
            }
        }
    }

    private void run(String operation, String commands) {
        try {
            nftables.run(operation, commands);
        } catch (NftablesException refusal) {
            throw new EngineException(ErrorCode.KERNEL, refusal.getMessage(), refusal);
        }
    }

    private void commit(SetElementTransaction transaction) {
        synchronized (lock) {
            try {
                transaction.commit(socket);
            } catch (NetlinkException refusal) {
                throw failure(refusal);
            }
        }
    }

    private static EngineException failure(NetlinkException refusal) {
        return new EngineException(category(refusal.errno()), refusal.getMessage(), refusal);
    }

    /**
     * An added key that leads elsewhere is EEXIST, on older kernels EBUSY (net/netfilter/nf_tables_api.c, nft_add_set_elem); one that
     * overlaps others in a map of intervals is ENOTEMPTY.
     */
    private static ErrorCode category(Errno errno) {
        boolean taken = errno.equals(Errno.EEXIST) || errno.equals(Errno.EBUSY) || errno.equals(ENOTEMPTY);
        return taken ? ErrorCode.CONFLICT : ErrorCode.KERNEL;
    }
}
