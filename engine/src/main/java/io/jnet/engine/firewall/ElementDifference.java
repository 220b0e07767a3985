package io.jnet.engine.firewall;

import io.jnet.netlink.nftables.SetElement;
import io.jnet.netlink.nftables.SetElementTransaction;
import io.jnet.netlink.nftables.SetEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The changes that make the sets of the table hold what they should. What is right already is not touched: a set of concatenated intervals
 * shows what a transaction adds a moment after the rules of the same transaction (net/netfilter/nft_set_pipapo.c, nft_pipapo_commit), so
 * an element that is deleted and added again is missing for that moment, and packets of running connections with it.
 */
final class ElementDifference {
    private ElementDifference() {}

    /**
     * @param present what the kernel has, by the name of the set
     * @param desired everything that should be in these sets; what is in others is passed over
     * @param table the table to change
     * @param sets the sets of that table to change
     */
    static SetElementTransaction between(
            TableText table,
            Function<String, List<List<SetEntry>>> present,
            List<SetElement> desired,
            List<TableSet> sets) {
        SetElementTransaction changes = SetElementTransaction.on(table.family(), table.shortName());
        Map<String, List<SetElement>> bySet = new HashMap<>();
        for (SetElement element : desired) {
            bySet.computeIfAbsent(element.set(), set -> new ArrayList<>()).add(element);
        }
        for (TableSet set : sets) {
            List<SetElement> elements = bySet.getOrDefault(set.text(), List.of());
            difference(new HashSet<>(present.apply(set.text())), elements, changes);
        }
        return changes;
    }

    /** Deletes first: a key may lead elsewhere now. */
    private static void difference(
            Set<List<SetEntry>> present, List<SetElement> desired, SetElementTransaction changes) {
        Set<List<SetEntry>> wanted = desired.stream().map(SetElement::entries).collect(Collectors.toUnmodifiableSet());
        present.stream().filter(element -> !wanted.contains(element)).forEach(changes::delete);
        desired.stream().filter(element -> !present.contains(element.entries())).forEach(changes::add);
    }
}
