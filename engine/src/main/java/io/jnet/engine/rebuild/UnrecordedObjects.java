package io.jnet.engine.rebuild;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.firewall.InstalledRulesets;
import io.jnet.engine.forwarding.AbandonedForwarding;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.link.LinkMark;
import io.jnet.engine.link.MarkedLink;
import io.jnet.engine.link.MarkedLinks;
import io.jnet.engine.network.Network;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.store.StateView;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds what is jnet's in the kernel and not in the state. That is so with an empty state folder (its disk came late, or it is the wrong
 * one), with an older copy of the state, and beside the rest of another state. Containers may depend on each of these objects, so an engine
 * that finds one changes nothing until somebody has decided.
 *
 * <p>An operation records what it is about to make before it makes it, and forgets what it has removed after that: a crash leaves nothing
 * unrecorded.
 */
public final class UnrecordedObjects {
    private final StateStore store;
    private final MarkedLinks links;
    private final InstalledRulesets rulesets;
    private final ForwardAdmission admission;
    private final AbandonedForwarding forwarding;
    private final Naming naming;

    public UnrecordedObjects(
            StateStore store,
            Naming naming,
            MarkedLinks links,
            InstalledRulesets rulesets,
            ForwardAdmission admission,
            HostSettings settings) {
        this.store = store;
        this.links = links;
        this.rulesets = rulesets;
        this.admission = admission;
        this.forwarding = new AbandonedForwarding(settings);
        this.naming = naming;
    }

    /** All of them: tables, bridges, links of endpoints. */
    List<Unrecorded> find() {
        List<Unrecorded> found = new ArrayList<>();
        foreignTables().forEach((table, owner) -> found.add(new Unrecorded(table, Naming.instanceOf(owner))));
        unrecordedLinks().stream()
                .sorted(Comparator.comparing((MarkedLink link) -> link.mark().owner())
                        .thenComparing(MarkedLink::name))
                .map(UnrecordedObjects::describe)
                .forEach(found::add);
        return found;
    }

    /**
     * Removes those of one state. Containers that are connected by them are cut off.
     *
     * @throws EngineException with {@code NOT_FOUND} when there is nothing of that state
     */
    void remove(String other) {
        if (find().stream().noneMatch(object -> object.instance().equals(other))) {
            throw EngineException.notFound("nothing of instance \"" + Printable.of(other)
                    + "\" is here that is not recorded: see jnet status");
        }
        Teardown teardown = new Teardown();
        removeLinks(other, teardown);
        removeRules(other, teardown);
        teardown.finish();
    }

    /** Removes the links of one state alone; does nothing when there is none. */
    void removeLinks(String other) {
        Teardown teardown = new Teardown();
        removeLinks(other, teardown);
        teardown.finish();
    }

    private void removeLinks(String other, Teardown teardown) {
        unrecordedLinks().stream()
                .filter(link -> link.mark().instance().equals(other))
                .sorted(Comparator.comparing((MarkedLink link) -> link.mark().owner())
                        .reversed())
                .forEach(link -> teardown.step(() -> links.remove(link)));
    }

    /** Forwarding first: as long as it is open, the rules guard it. What the own rules have too much goes when the engine begins. */
    private void removeRules(String other, Teardown teardown) {
        String owner = Naming.rulesetOwner(other);
        if (rulesets.owners().containsValue(owner)) {
            Set<String> recorded = store.read(StateView::changedSettings).stream()
                    .map(ChangedSetting::key)
                    .collect(Collectors.toSet());
            for (AddressFamily family : AddressFamily.values()) {
                teardown.step(() -> forwarding.end(family, forwarding(family), recorded));
            }
            if (!other.equals(naming.instance())) {
                teardown.step(() -> rulesets.remove(owner));
            }
        }
        if (store.read(StateView::networks).isEmpty()) {
            teardown.step(admission::withdraw);
        }
    }

    /** The interfaces that the rules guard, which need not name jnet's own bridges. */
    private Set<InterfaceName> forwarding(AddressFamily family) {
        Set<InterfaceName> links = new HashSet<>(rulesets.opened(family));
        if (!links.isEmpty()) {
            store.read(StateView::networks).stream()
                    .filter(Network::hasBridge)
                    .map(Network::bridge)
                    .forEach(links::add);
        }
        return links;
    }

    private Map<String, String> foreignTables() {
        String own = naming.rulesetOwner();
        return rulesets.owners().entrySet().stream()
                // One without an owner was made by hand, and is nobody's.
                .filter(table ->
                        !table.getValue().isEmpty() && !table.getValue().equals(own))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private List<MarkedLink> unrecordedLinks() {
        List<MarkedLink> all = links.inPlace();
        if (all.isEmpty()) {
            return List.of();
        }
        return store.read(state -> {
            Set<String> networks = state.networks().stream()
                    .map(network -> network.id().value())
                    .collect(Collectors.toSet());
            Set<String> endpoints = state.endpoints().stream()
                    .map(endpoint -> endpoint.id().value())
                    .collect(Collectors.toSet());
            return all.stream()
                    .filter(link -> !link.mark().instance().equals(naming.instance())
                            || !(link.mark().owner() == LinkMark.Owner.NETWORK ? networks : endpoints)
                                    .contains(link.mark().id()))
                    .toList();
        });
    }

    private static Unrecorded describe(MarkedLink link) {
        String kind = link.mark().owner() == LinkMark.Owner.NETWORK ? "bridge " : "link ";
        return new Unrecorded(kind + link.name(), link.mark().instance());
    }
}
