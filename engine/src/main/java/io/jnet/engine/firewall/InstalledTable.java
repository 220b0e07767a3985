package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.NftablesException;
import io.jnet.netlink.nftables.SetElement;
import io.jnet.netlink.nftables.SetElementTransaction;
import io.jnet.netlink.nftables.SetEntry;
import io.jnet.netlink.nftables.TableFamily;
import io.jnet.netlink.nftables.TableReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * One of jnet's tables in the kernel. The table comes and goes through libnftables; elements of its sets need no library. Not thread-safe.
 *
 * <p>Throws {@link io.jnet.netlink.NetlinkException} and {@link EngineException} when the kernel refuses.
 */
final class InstalledTable {
    private final TableText text;
    private final Nftables nftables;
    private final NetlinkSocket socket;
    private final TableReader reader;
    private final Set<String> setNames;

    InstalledTable(TableText text, Nftables nftables, NetlinkSocket socket) {
        this.text = text;
        this.nftables = nftables;
        this.socket = socket;
        this.reader = new TableReader(socket, text.family(), text.shortName());
        this.setNames = text.tableSets().stream().map(TableSet::text).collect(Collectors.toUnmodifiableSet());
    }

    /** Throws {@code CONFLICT} when a table of this name is another state's. */
    void requireOwner(FirewallState desired) {
        Optional<String> comment = reader.comment();
        if (comment.isPresent() && !TableText.isOwner(desired.owner(), comment.get())) {
            throw EngineException.conflict(text.name() + " belongs to another state (\"" + comment.get()
                    + "\"): use the state folder that it is of, or remove it with: nft delete " + text.name());
        }
    }

    /** {@code table inet jnet}. */
    String name() {
        return text.name();
    }

    /** Whose table is there, empty text for nobody's; nothing when there is none. */
    Optional<String> owner() {
        return reader.comment().map(TableText::ownerOf);
    }

    /** The interfaces in a set of such, where there is that set. */
    Set<InterfaceName> interfaces(TableSet set) {
        return elements(set).stream()
                .map(element -> EntryReader.ofKey(element).name())
                .collect(Collectors.toSet());
    }

    /** The elements of a set, where there is that set. */
    List<List<SetEntry>> elements(TableSet set) {
        return reader.sets().contains(set.text()) ? reader.elements(set.text()) : List.of();
    }

    /** The elements of all sets together that are not among those desired. */
    List<String> surplus(List<SetElement> desired) {
        Set<List<SetEntry>> wanted = desired.stream().map(SetElement::entries).collect(Collectors.toSet());
        return text.tableSets().stream()
                .filter(set -> set != TableSet.NETWORKS && !TableSet.OF_SURROUNDINGS.contains(set))
                // They say what a daemon found at its start, not what there is.
                .filter(set -> !TableSet.OF_MOVED_RESOLVERS.contains(set))
                .flatMap(set -> elements(set).stream())
                .filter(element -> !wanted.contains(element))
                .map(element -> element.get(0).toString())
                .toList();
    }

    /** The table's family. */
    TableFamily family() {
        return text.family();
    }

    /**
     * Makes the table exactly this.
     *
     * @return whether there was none before
     */
    boolean install(FirewallState desired) {
        Optional<String> comment = reader.comment();
        if (comment.isEmpty()) {
            create(desired);
            return true;
        }
        if (comment.get().equals(text.commentText(desired)) && hasStructure()) {
            converge(desired);
        } else {
            // Another version's table: the only case in which all changes at the same moment.
            run(nftables, "replace " + text.name(), text.uninstall() + text.whole(desired));
        }
        return false;
    }

    /** Whether the table is there, with its sets and its chains, each of which has rules or is led to by some: emptied alone, only one of a hook is seen. */
    boolean isInstalled() {
        if (reader.comment().isEmpty()) {
            return false;
        }
        Map<String, Long> chains = reader.chainUses();
        return text.hasStructure(chains.keySet(), reader.sets())
                && text.chainNames().stream().allMatch(chain -> chains.getOrDefault(chain, 0L) > 0);
    }

    /** Removes the table, if there is one. */
    void uninstall() {
        run(nftables, "remove " + text.name(), text.uninstall());
    }

    /** Makes these sets hold, of what is desired, exactly what is theirs. */
    void setElements(List<TableSet> sets, List<SetElement> desired) {
        ElementDifference.between(text, reader::elements, desired, sets).commit(socket);
    }

    /** Changes those of the elements that belong to this table, in one transaction; makes no request when there are none. */
    void change(List<SetElement> elements, BiConsumer<SetElementTransaction, SetElement> verb) {
        SetElementTransaction transaction = SetElementTransaction.on(text.family(), text.shortName());
        elements.stream()
                .filter(element -> setNames.contains(element.set()))
                .forEach(element -> verb.accept(transaction, element));
        transaction.commit(socket);
    }

    /** Those of the elements that are there exactly so: by its key the kernel finds an interval that another lies within, too. */
    List<SetElement> present(List<SetElement> elements) {
        Set<String> there = reader.sets();
        Map<String, Set<List<SetEntry>>> entries = new HashMap<>();
        return elements.stream()
                .filter(element -> setNames.contains(element.set()) && there.contains(element.set()))
                .filter(element -> entries.computeIfAbsent(element.set(), set -> Set.copyOf(reader.elements(set)))
                        .contains(element.entries()))
                .toList();
    }

    /** Makes the chain of a network, if this table has such chains. */
    void addNetwork(NetworkRules network) {
        text.addNetwork(network)
                .ifPresent(
                        commands -> run(nftables, "add network " + network.bridge() + " to " + text.name(), commands));
    }

    /** Removes the chain of a network, if it is there. */
    void removeNetwork(NetworkRules network) {
        text.removeNetwork(network)
                .filter(commands -> isInstalled())
                .ifPresent(commands ->
                        run(nftables, "remove network " + network.bridge() + " from " + text.name(), commands));
    }

    /**
     * Sets before rules: a rule that drops what is NOT in a set must not be there a moment before the set is filled, which it is in the
     * transaction that brings both (see {@link ElementDifference}).
     */
    private void create(FirewallState desired) {
        run(nftables, "create " + text.name(), text.withoutChains(desired));
        try {
            run(nftables, "create rules of " + text.name(), text.rules(desired, List.of()));
        } catch (EngineException refusal) {
            uninstall();
            throw refusal;
        }
    }

    /** Elements, then rules: each by one transaction that leaves alone what is right, and neither depends on the other. */
    private void converge(FirewallState desired) {
        List<TableSet> sets = text.tableSets().stream()
                .filter(set -> set != TableSet.NETWORKS)
                .filter(set -> desired.movedResolvers().isPresent() || !TableSet.OF_MOVED_RESOLVERS.contains(set))
                .toList();
        setElements(sets, Elements.of(desired));
        run(nftables, "install rules of " + text.name(), text.rules(desired, reader.chains()));
    }

    private boolean hasStructure() {
        return text.hasStructure(reader.chains(), reader.sets());
    }

    /** Runs commands in one transaction; {@code UNSUPPORTED} when the kernel lacks a feature, {@code KERNEL} when it refuses otherwise. */
    static void run(Nftables nftables, String operation, String commands) {
        try {
            nftables.run(operation, commands);
        } catch (NftablesException refusal) {
            throw KernelFeature.missing(nftables, refusal)
                    .map(feature -> new EngineException(
                            ErrorCode.UNSUPPORTED, "cannot " + operation + ": " + feature.absence(), refusal))
                    .orElseGet(() -> new EngineException(ErrorCode.KERNEL, refusal.getMessage(), refusal));
        }
    }
}
