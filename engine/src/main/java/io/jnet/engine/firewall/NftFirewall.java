package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.nftables.NatHookKeeper;
import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.NftablesException;
import io.jnet.netlink.nftables.SetElement;
import io.jnet.netlink.nftables.SetElementTransaction;
import io.jnet.netlink.nftables.SetEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The firewall as {@code table inet jnet} and {@code table bridge jnet} of the kernel. The tables come and go through libnftables; networks
 * and ports are elements of their sets and maps, which need no library. Thread-safe.
 */
public final class NftFirewall implements Firewall, InstalledRulesets, AutoCloseable {
    /** Beside the table itself, as long as this firewall is open: see {@link NatHookKeeper}. */
    private static final String KEEPING_TABLE = "jnet_keep";

    /** The one that decides more first. */
    private static final List<TableText> TABLES = List.of(Ruleset.TABLE, BridgeRuleset.TABLE);

    private final Object lock = new Object();
    private final Nftables nftables;
    private final NetlinkSocket socket;
    private final NatHookKeeper hooks;
    private List<InstalledTable> tables;
    private boolean knowsLibrary;

    private NftFirewall(Nftables nftables, NetlinkSocket socket, NatHookKeeper hooks) {
        this.nftables = nftables;
        this.socket = socket;
        this.hooks = hooks;
        this.tables = tables(NeighbourTarget.BITS);
    }

    /**
     * Opens the firewall of the calling thread's network namespace. Changes nothing.
     *
     * @throws EngineException with {@code KERNEL} when libnftables is not there, with {@code UNSUPPORTED} when nfnetlink is not
     */
    public static NftFirewall open() {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            // First: without nfnetlink, libnftables ends the process (src/netlink.c, netlink_init_error).
            NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER);
            opened.push(socket);
            Nftables nftables = Nftables.open();
            opened.push(nftables);
            return new NftFirewall(nftables, socket, NatHookKeeper.open(KEEPING_TABLE));
        } catch (NftablesException | KernelException failure) {
            closeAll(opened, failure);
            boolean absent =
                    failure instanceof KernelException kernel && kernel.errno().equals(Errno.EPROTONOSUPPORT);
            throw absent
                    ? new EngineException(ErrorCode.UNSUPPORTED, KernelFeature.NF_TABLES.absence(), failure)
                    : new EngineException(ErrorCode.KERNEL, failure.getMessage(), failure);
        }
    }

    @Override
    public void install(FirewallState desired) {
        synchronized (lock) {
            List<InstalledTable> created = new ArrayList<>();
            try {
                tables.forEach(table -> table.requireOwner(desired));
                speakAsLibrary();
                for (InstalledTable table : tables) {
                    if (table.install(desired)) {
                        created.add(table);
                    }
                }
                hooks.keep();
            } catch (NetlinkException | EngineException refusal) {
                throw withdrawn(created, refusal instanceof NetlinkException kernel ? failure(kernel) : refusal);
            }
        }
    }

    /** Nothing is installed before this, so that a host without networks hears nothing of the library. */
    private void speakAsLibrary() {
        if (!knowsLibrary) {
            tables = tables(NeighbourTarget.of(nftables));
            knowsLibrary = true;
        }
    }

    private List<InstalledTable> tables(NeighbourTarget target) {
        return TABLES.stream()
                .map(text -> new InstalledTable(text.with(target), nftables, socket))
                .toList();
    }

    @Override
    public void uninstall() {
        synchronized (lock) {
            // Together, so that no packet sees one without the other.
            InstalledTable.run(
                    nftables,
                    "remove " + TABLES.stream().map(TableText::name).collect(Collectors.joining(" and ")),
                    TABLES.stream().map(TableText::uninstall).collect(Collectors.joining()));
            kernel(hooks::release);
        }
    }

    @Override
    public boolean isInstalled() {
        synchronized (lock) {
            try {
                return tables.stream().allMatch(InstalledTable::isInstalled);
            } catch (NetlinkException refusal) {
                throw failure(refusal);
            }
        }
    }

    @Override
    public void setSurroundings(Surroundings surroundings) {
        synchronized (lock) {
            kernel(() -> tables.get(0).setElements(TableSet.OF_SURROUNDINGS, Elements.of(surroundings)));
        }
    }

    @Override
    public void setMovedResolvers(List<MovedResolver> resolvers) {
        synchronized (lock) {
            if (!isInstalled()) {
                // They come with the rules.
                return;
            }
            kernel(() -> tables.get(0)
                    .setElements(
                            TableSet.OF_MOVED_RESOLVERS,
                            resolvers.stream()
                                    .flatMap(resolver -> Elements.of(resolver).stream())
                                    .toList()));
        }
    }

    @Override
    public void addNetwork(NetworkRules network) {
        synchronized (lock) {
            add(Elements.of(network));
            tables.forEach(table -> table.addNetwork(network));
        }
    }

    @Override
    public void removeNetwork(NetworkRules network, List<NetworkRules> successors) {
        synchronized (lock) {
            if (successors.stream().noneMatch(successor -> successor.bridge().equals(network.bridge()))) {
                kernel(() -> tables.forEach(table -> table.removeNetwork(network)));
            }
            List<SetElement> own = Elements.of(network, successors);
            if (successors.isEmpty()) {
                remove(own);
            } else {
                kernel(() -> tables.forEach(
                        table -> table.change(table.present(own), SetElementTransaction::deleteIfPresent)));
            }
        }
    }

    @Override
    public void publish(List<? extends PortRule> ports) {
        add(elements(ports));
    }

    @Override
    public void unpublish(List<? extends PortRule> ports) {
        remove(elements(ports));
    }

    private static List<SetElement> elements(List<? extends PortRule> ports) {
        return ports.stream().flatMap(port -> Elements.of(port).stream()).toList();
    }

    @Override
    public void addBridgePort(BridgePortRules port) {
        add(Elements.of(port));
    }

    @Override
    public void removeBridgePort(BridgePortRules port) {
        remove(Elements.of(port));
    }

    @Override
    public Map<String, String> owners() {
        Map<String, String> owners = new TreeMap<>();
        synchronized (lock) {
            kernel(() -> tables.forEach(table -> table.owner().ifPresent(owner -> owners.put(table.name(), owner))));
        }
        return owners;
    }

    @Override
    public Set<InterfaceName> opened(AddressFamily family) {
        Set<InterfaceName> opened = new HashSet<>();
        synchronized (lock) {
            kernel(() -> opened.addAll(tables.get(0).interfaces(TableSet.OPENED4.of(family))));
        }
        return opened;
    }

    @Override
    public RulesetContent content(String owner) {
        Map<TableSet, List<List<SetEntry>>> elements = new EnumMap<>(TableSet.class);
        synchronized (lock) {
            kernel(() -> tables.stream()
                    .filter(table -> table.owner().equals(Optional.of(owner)))
                    .forEach(table ->
                            TableSet.of(table.family()).forEach(set -> elements.put(set, table.elements(set)))));
        }
        return new RulesetContent(set -> elements.getOrDefault(set, List.of()));
    }

    @Override
    public List<String> surplus(FirewallState desired) {
        List<String> surplus = new ArrayList<>();
        synchronized (lock) {
            kernel(() -> tables.stream()
                    .filter(table -> table.owner().equals(Optional.of(desired.owner())))
                    .forEach(table -> surplus.addAll(table.surplus(Elements.of(desired)))));
        }
        return surplus;
    }

    @Override
    public void remove(String owner) {
        synchronized (lock) {
            kernel(() -> tables.stream()
                    .filter(table -> table.owner().equals(Optional.of(owner)))
                    .forEach(InstalledTable::uninstall));
        }
    }

    /** Releases the library's context and the sockets; the rules stay. */
    @Override
    public void close() {
        nftables.close();
        socket.close();
        hooks.close();
    }

    /** What is added at once belongs to one table, or the caller undoes the whole when this fails. */
    private void add(List<SetElement> elements) {
        synchronized (lock) {
            kernel(() -> tables.forEach(table -> table.change(elements, SetElementTransaction::add)));
        }
    }

    private void remove(List<SetElement> elements) {
        synchronized (lock) {
            kernel(() -> tables.forEach(table -> table.change(elements, SetElementTransaction::deleteIfPresent)));
        }
    }

    /** Takes back the tables that a failed installation has made. */
    private static RuntimeException withdrawn(List<InstalledTable> created, RuntimeException cause) {
        for (InstalledTable table : created) {
            try {
                table.uninstall();
            } catch (EngineException second) {
                cause.addSuppressed(second);
            }
        }
        return cause;
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

    private static void kernel(Runnable work) {
        try {
            work.run();
        } catch (NetlinkException refusal) {
            throw failure(refusal);
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
        boolean taken = errno.equals(Errno.EEXIST) || errno.equals(Errno.EBUSY) || errno.equals(Errno.ENOTEMPTY);
        return taken ? ErrorCode.CONFLICT : ErrorCode.KERNEL;
    }
}
