package io.jnet.engine.link;

import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.link.BridgePortFlag;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.link.OperationalState;
import io.jnet.netlink.neighbour.Neighbours;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The engine's links in this process's network namespace, over rtnetlink. */
public final class KernelOwnLinks implements OwnLinks {
    private static final int LOOKS_FOR_USE = 20;
    private static final Duration USE_INTERVAL = Duration.ofMillis(5);

    private final Links links;
    private final Addresses addresses;
    private final Neighbours neighbours;
    private final KernelPortVlans vlans;

    public KernelOwnLinks(Links links, Addresses addresses, Neighbours neighbours) {
        this.links = links;
        this.addresses = addresses;
        this.neighbours = neighbours;
        this.vlans = new KernelPortVlans(links);
    }

    /** What a look keeps of a link: hosts have thousands. */
    private record Seen(
            String name,
            int index,
            boolean own,
            boolean up,
            boolean promiscuous,
            Optional<MacAddress> mac,
            OptionalInt master,
            Set<BridgePortFlag> portFlags) {

        static Seen of(Link link, boolean own) {
            return new Seen(
                    link.name(),
                    link.index(),
                    own,
                    link.isUp(),
                    link.isPromiscuous(),
                    link.mac(),
                    link.master(),
                    link.bridgePortFlags());
        }
    }

    @Override
    public Damage look(Collection<BridgePlan> bridges, Collection<VethPlan> ports) {
        if (bridges.isEmpty() && ports.isEmpty()) {
            return new Damage(Map.of(), Set.of());
        }
        return KernelCalls.get(() -> {
            Map<String, Seen> seen = see(bridges, ports);
            Map<Integer, Set<IpPrefix>> present =
                    bridges.stream().anyMatch(plan -> !plan.addresses().isEmpty()) ? addressesByLink() : Map.of();
            Map<InterfaceName, String> undone = new HashMap<>();
            Set<InterfaceName> taken = new HashSet<>();
            for (BridgePlan plan : bridges) {
                Optional<Seen> bridge = Optional.ofNullable(seen.get(plan.name().value()));
                if (bridge.filter(link -> !link.own()).isPresent()) {
                    taken.add(plan.name());
                } else {
                    undone(plan, bridge, present).ifPresent(what -> undone.put(plan.name(), what));
                }
            }
            for (VethPlan plan : ports) {
                Optional<Seen> port =
                        Optional.ofNullable(seen.get(plan.hostLink().value()));
                Optional<Seen> bridge =
                        Optional.ofNullable(seen.get(plan.bridge().value()));
                port.filter(Seen::own)
                        .filter(link -> bridge.isPresent() && !taken.contains(plan.bridge()))
                        .flatMap(link -> undone(plan, link, bridge.get().index()))
                        .ifPresent(what -> undone.put(plan.hostLink(), what));
            }
            return new Damage(undone, taken);
        });
    }

    @Override
    public boolean isThere(InterfaceName name) {
        return KernelCalls.get(() -> links.find(name).isPresent());
    }

    @Override
    public void mend(BridgePlan bridgePlan, VethPlan plan) {
        KernelCalls.run(() -> {
            Optional<Link> bridge = links.find(plan.bridge())
                    .filter(KernelOwnLinks::isBridge)
                    .filter(link -> plan.onAdopted() || bridgePlan.identity().isOf(link));
            Optional<Link> port = links.find(plan.hostLink()).filter(link -> isOwn(link, plan));
            if (bridge.isPresent() && port.isPresent()) {
                mend(port.get(), bridge.get(), plan);
                neighbours.learn(bridge.get().index(), plan.peerMac(), plan.addresses());
                if (!port.get().isUp()) {
                    awaitUse(plan.hostLink());
                    awaitUse(plan.bridge());
                    // Without a carrier the container's kernel has forgotten its gateway, and waits a second for an
                    // answer that never came.
                    neighbours.ask(bridge.get().index(), plan.peerMac(), plan.addresses());
                }
            }
        });
    }

    /**
     * Until a carrier that has come back counts, and the link sends. Since Linux 6.8 that is so as soon as the link is asked for
     * (net/core/link_watch.c), before soon after.
     */
    private void awaitUse(InterfaceName name) {
        for (int look = 0; look < LOOKS_FOR_USE; look++) {
            if (links.find(name)
                    .filter(link -> link.hasCarrier() && link.operationalState() != OperationalState.UP)
                    .isEmpty()) {
                return;
            }
            LockSupport.parkNanos(USE_INTERVAL.toNanos());
        }
    }

    private Map<String, Seen> see(Collection<BridgePlan> bridges, Collection<VethPlan> ports) {
        Map<String, BridgePlan> bridgePlans =
                bridges.stream().collect(Collectors.toMap(plan -> plan.name().value(), Function.identity()));
        Map<String, VethPlan> portPlans =
                ports.stream().collect(Collectors.toMap(plan -> plan.hostLink().value(), Function.identity()));
        Set<String> others = ports.stream().map(plan -> plan.bridge().value()).collect(Collectors.toSet());
        List<Seen> all = links.select(link -> {
            BridgePlan bridge = bridgePlans.get(link.name());
            if (bridge != null) {
                return Optional.of(
                        Seen.of(link, isBridge(link) && bridge.identity().isOf(link)));
            }
            VethPlan port = portPlans.get(link.name());
            if (port != null) {
                return Optional.of(Seen.of(link, isOwn(link, port)));
            }
            return others.contains(link.name()) ? Optional.of(Seen.of(link, false)) : Optional.empty();
        });
        return all.stream().collect(Collectors.toMap(Seen::name, Function.identity(), (first, second) -> second));
    }

    private Map<Integer, Set<IpPrefix>> addressesByLink() {
        return addresses.list().stream()
                .collect(Collectors.groupingBy(
                        LinkAddress::link, Collectors.mapping(LinkAddress::prefix, Collectors.toSet())));
    }

    private static Optional<String> undone(
            BridgePlan plan, Optional<Seen> bridge, Map<Integer, Set<IpPrefix>> present) {
        if (bridge.isEmpty()) {
            return Optional.of("was removed");
        }
        Seen link = bridge.get();
        if (!link.up()) {
            return Optional.of("was set down");
        }
        if (!link.mac().equals(Optional.of(plan.mac()))) {
            return Optional.of("was given another MAC address");
        }
        if (plan.promiscuous() && !link.promiscuous()) {
            return Optional.of("was made to take only frames for itself");
        }
        Set<IpPrefix> has = present.getOrDefault(link.index(), Set.of());
        List<IpPrefix> lost = plan.addresses().stream()
                .filter(address -> !has.contains(address))
                .toList();
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of("had " + lost.stream().map(IpPrefix::toString).collect(Collectors.joining(" and "))
                        + " taken away");
    }

    private static Optional<String> undone(VethPlan plan, Seen port, int bridge) {
        if (!port.master().equals(OptionalInt.of(bridge))) {
            return Optional.of("was taken out of bridge " + plan.bridge());
        }
        if (!port.up()) {
            return Optional.of("was set down");
        }
        return port.portFlags().equals(plan.portFlags())
                ? Optional.empty()
                : Optional.of("was given other settings as a port of bridge " + plan.bridge());
    }

    /** Down meanwhile where there are VLANs: a new port is in the bridge's default one. */
    private void mend(Link port, Link bridge, VethPlan plan) {
        boolean detached = !port.master().equals(OptionalInt.of(bridge.index()));
        boolean quiet = detached && plan.vlans().isPresent();
        if (quiet && port.isUp()) {
            links.setDown(port.index());
        }
        if (detached) {
            links.setMaster(port.index(), bridge.index());
        }
        if (detached || !port.bridgePortFlags().equals(plan.portFlags())) {
            links.setBridgePortFlags(port.index(), plan.portFlags());
        }
        if (detached) {
            vlans.settle(bridge, port.index(), plan);
        }
        if (quiet || !port.isUp()) {
            links.setUp(port.index());
        }
    }

    private static boolean isBridge(Link link) {
        return link.kind().orElse(null) instanceof LinkKind.Bridge;
    }

    private static boolean isOwn(Link link, VethPlan plan) {
        return link.kind().orElse(null) instanceof LinkKind.Veth && LinkMark.isSameOwner(link.alias(), plan.alias());
    }
}
