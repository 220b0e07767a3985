package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.nftables.SetElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A firewall in memory, with the same elements as the real one. Keeps what the kernel would keep: set, key and data of each element.
 * Thread-safe.
 */
public final class FakeFirewall implements Firewall {
    private final Map<String, SetElement> elements = new TreeMap<>();
    private Optional<String> owner = Optional.empty();
    private Optional<EngineException> failure = Optional.empty();

    @Override
    public synchronized void install(FirewallState desired) {
        failIfAsked();
        if (owner.filter(other -> !other.equals(desired.owner())).isPresent()) {
            throw EngineException.conflict("table inet jnet belongs to another state");
        }
        elements.values()
                .removeIf(element ->
                        desired.movedResolvers().isPresent() || !element.set().startsWith("moved_resolvers"));
        owner = Optional.of(desired.owner());
        change(Elements.of(desired));
    }

    @Override
    public synchronized void uninstall() {
        failIfAsked();
        elements.clear();
        owner = Optional.empty();
    }

    @Override
    public synchronized boolean isInstalled() {
        return owner.isPresent();
    }

    @Override
    public synchronized void setSurroundings(Surroundings surroundings) {
        failIfAsked();
        Set<String> sets = TableSet.OF_SURROUNDINGS.stream().map(TableSet::text).collect(Collectors.toSet());
        elements.values().removeIf(element -> sets.contains(element.set()));
        change(Elements.of(surroundings));
    }

    @Override
    public synchronized void setMovedResolvers(List<MovedResolver> resolvers) {
        failIfAsked();
        elements.values().removeIf(element -> element.set().startsWith("moved_resolvers"));
        change(resolvers.stream()
                .flatMap(resolver -> Elements.of(resolver).stream())
                .toList());
    }

    @Override
    public synchronized void addNetwork(NetworkRules network) {
        add(Elements.of(network));
    }

    @Override
    public synchronized void removeNetwork(NetworkRules network, List<NetworkRules> successors) {
        remove(Elements.of(network, successors));
    }

    @Override
    public synchronized void publish(List<? extends PortRule> publications) {
        add(publications.stream().flatMap(port -> Elements.of(port).stream()).toList());
    }

    @Override
    public synchronized void unpublish(List<? extends PortRule> publications) {
        remove(publications.stream().flatMap(port -> Elements.of(port).stream()).toList());
    }

    @Override
    public synchronized void addBridgePort(BridgePortRules port) {
        add(Elements.of(port));
    }

    @Override
    public synchronized void removeBridgePort(BridgePortRules port) {
        remove(Elements.of(port));
    }

    /** What the elements say. */
    public synchronized RulesetContent content() {
        List<SetElement> all = List.copyOf(elements.values());
        return new RulesetContent(set -> all.stream()
                .filter(element -> element.set().equals(set.text()))
                .map(SetElement::entries)
                .toList());
    }

    /** The elements that are not desired, but for those of the host's interfaces. */
    public synchronized List<String> surplus(FirewallState desired) {
        List<SetElement> wanted = Elements.of(desired);
        Set<String> surroundings =
                TableSet.OF_SURROUNDINGS.stream().map(TableSet::text).collect(Collectors.toSet());
        return elements.values().stream()
                .filter(element -> !surroundings.contains(element.set()) && !wanted.contains(element))
                .filter(element -> !element.set().startsWith("moved_resolvers"))
                .map(SetElement::text)
                .toList();
    }

    /** Each call fails with this, and changes nothing, until {@link #recover}. */
    public synchronized void fail(EngineException with) {
        failure = Optional.of(with);
    }

    public synchronized void recover() {
        failure = Optional.empty();
    }

    /** The owner of the installed rules; empty when none are installed. */
    public synchronized Optional<String> owner() {
        return owner;
    }

    /** All elements, a line each, sorted: {@code published4 { 6 . 8080 : 10.77.0.2 . 80 }}. */
    public synchronized String dump() {
        return elements.values().stream()
                .map(element -> element.set() + " { " + element.text() + " }\n")
                .sorted()
                .collect(Collectors.joining());
    }

    private void add(List<SetElement> added) {
        failIfAsked();
        if (owner.isEmpty() && !added.isEmpty()) {
            throw new EngineException(
                    ErrorCode.KERNEL,
                    "add element inet jnet " + added.get(0).set() + ": no such file or object (ENOENT)");
        }
        change(added);
    }

    private void remove(List<SetElement> removed) {
        failIfAsked();
        removed.forEach(element -> elements.remove(key(element)));
    }

    private void change(List<SetElement> added) {
        List<SetElement> taken = new ArrayList<>(added);
        taken.removeIf(element -> elements.getOrDefault(key(element), element).equals(element));
        if (!taken.isEmpty()) {
            throw EngineException.conflict("add element inet jnet "
                    + taken.get(0).set() + " { " + taken.get(0).text() + " }: already exists (EEXIST)");
        }
        added.forEach(element -> elements.put(key(element), element));
    }

    private void failIfAsked() {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static String key(SetElement element) {
        return new SetElement(element.set(), element.key(), List.of()).set() + " { "
                + new SetElement(element.set(), element.key(), List.of()).text();
    }
}
