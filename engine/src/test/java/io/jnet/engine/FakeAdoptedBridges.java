package io.jnet.engine;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.link.AdoptedBridges;
import io.jnet.engine.link.BridgePlan;
import io.jnet.engine.network.Adoption;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A bridge that the host's owner made is the text {@code bridge}, its index, its addresses, and {@code down} where it is. */
final class FakeAdoptedBridges implements AdoptedBridges {
    private static final String DOWN = " down";

    private final Map<String, String> links;
    private final Consumer<String> requests;
    private final Set<String> kept;

    /**
     * @param links those of the host, as {@link FakeLinks} has them
     * @param requests told of each request to the kernel, which it may refuse
     * @param kept bridges, as their links were, that have kept their MAC address
     */
    FakeAdoptedBridges(Map<String, String> links, Consumer<String> requests, Set<String> kept) {
        this.links = links;
        this.requests = requests;
        this.kept = kept;
    }

    @Override
    public Optional<Adoption> examine(BridgePlan plan) {
        requests.accept("examine " + plan.name());
        String there = links.get(plan.name().value());
        if (there == null) {
            return Optional.empty();
        }
        if (!there.startsWith("bridge ")) {
            throw EngineException.conflict("link " + plan.name() + " exists and is not a bridge");
        }
        return Optional.of(new Adoption(
                index(there),
                1500,
                plan.addresses().stream()
                        .filter(address -> !there.contains(" " + address))
                        .toList(),
                List.of(),
                there.endsWith(DOWN)));
    }

    @Override
    public void adopt(InterfaceName bridge, Adoption adoption) {
        requests.accept("adopt " + bridge);
        adoption.addresses()
                .forEach(address -> links.computeIfPresent(
                        bridge.value(),
                        (name, there) -> there.contains(" " + address) ? there : there + " " + address));
        if (adoption.raised()) {
            links.computeIfPresent(bridge.value(), (name, there) -> there.replace(DOWN, ""));
        }
    }

    @Override
    public void keepMac(InterfaceName bridge) {
        requests.accept("keep MAC address of " + bridge);
        kept.add(links.get(bridge.value()));
    }

    @Override
    public void takePortsMac(InterfaceName bridge) {
        throw new AssertionError("no bridge has ports here");
    }

    @Override
    public boolean hasOwnersPorts(InterfaceName bridge) {
        return false;
    }

    @Override
    public void release(InterfaceName bridge, Adoption adoption) {
        requests.accept("release " + bridge);
        adoption.addresses()
                .forEach(address -> links.computeIfPresent(
                        bridge.value(),
                        (name, there) -> index(there) == adoption.index() ? there.replace(" " + address, "") : there));
    }

    @Override
    public void giveUp(InterfaceName bridge, String alias) {
        requests.accept("give up " + bridge);
        links.computeIfPresent(
                bridge.value(), (name, there) -> FakeLinks.isMarked(there, alias) ? "bridge 1 given up" : there);
    }

    private int index(String there) {
        return Integer.parseInt(there.split(" ", -1)[1]);
    }
}
