package io.jnet.engine.link;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Vlans;
import io.jnet.netlink.link.BridgeSide;
import io.jnet.netlink.link.BridgeVlan;
import io.jnet.netlink.link.BridgeVlanFlag;
import io.jnet.netlink.link.BridgeVlans;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.link.Links;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** VLANs of bridges' ports in this process's network namespace, over rtnetlink. */
public final class KernelPortVlans implements PortVlans {
    private final Links links;
    private final BridgeVlans vlans;

    public KernelPortVlans(Links links) {
        this.links = links;
        this.vlans = links.vlans();
    }

    @Override
    public void mend(VethPlan plan) {
        if (plan.vlans().isEmpty()) {
            return;
        }
        KernelCalls.run(() -> {
            Optional<Link> bridge = links.find(plan.bridge());
            Optional<Link> port = links.find(plan.hostLink())
                    .filter(link -> LinkMark.isSameOwner(link.alias(), plan.alias()))
                    .filter(link -> bridge.isPresent()
                            && link.master().equals(OptionalInt.of(bridge.get().index())));
            port.ifPresent(link -> settle(bridge.orElseThrow(), link.index(), plan));
        });
    }

    @Override
    public Optional<String> difference(BridgePlan bridge, VethPlan plan) {
        if (plan.vlans().isEmpty()) {
            return Optional.empty();
        }
        return KernelCalls.get(() -> difference(bridge, plan, plan.vlans().get()));
    }

    /** Has a bridge of the engine's own look at VLANs, and be in the network's where it has an address there. */
    void settleBridge(Link bridge, BridgePlan plan) {
        if (plan.vlans().isEmpty()) {
            return;
        }
        Vlans wanted = plan.vlans().get();
        requireKernel(bridge, wanted);
        if (!kind(bridge).filtersVlans()) {
            links.filterVlans(bridge.index());
        }
        if (!plan.addresses().isEmpty()) {
            put(bridge, bridge.index(), BridgeSide.SELF, List.of(wanted.ofUntaggedFrames()), wanted.keepsDefault());
        }
    }

    /** Puts a port into its VLANs. A new one is in the bridge's default VLAN: it must not have carried anything before. */
    void settle(Link bridge, int port, VethPlan plan) {
        plan.vlans().ifPresent(wanted -> {
            requireKernel(bridge, wanted);
            put(bridge, port, BridgeSide.PORT, wanted.ofPort(), wanted.keepsDefault());
        });
    }

    /**
     * Refuses a bridge of somebody else's that would have to be changed for the network's VLANs: what its ports are in, and whether the host
     * itself is still reached there, would be other than its owner had it.
     *
     * @throws EngineException with {@code CONFLICT} and what to do, or {@code UNSUPPORTED} when the kernel knows no VLANs of bridges
     */
    void requireReady(Link bridge, BridgePlan plan) {
        if (plan.vlans().isEmpty()) {
            return;
        }
        Vlans wanted = plan.vlans().get();
        requireKernel(bridge, wanted);
        if (!kind(bridge).filtersVlans()) {
            throw EngineException.conflict("bridge " + plan.name() + " does not look at VLANs, as " + wanted
                    + " needs, and jnet did not make it: ip link set " + plan.name()
                    + " type bridge vlan_filtering 1, or choose another bridge");
        }
        if (!plan.addresses().isEmpty() && !isIn(vlans.list(), bridge.index(), wanted.ofUntaggedFrames())) {
            int id = wanted.ofUntaggedFrames().first();
            throw EngineException.conflict("bridge " + plan.name() + " itself is not in VLAN " + id
                    + " without a tag, so that nobody there would reach its address, and jnet did not make it: bridge vlan add dev "
                    + plan.name() + " vid " + id + " pvid untagged self, or leave the gateway to somebody else");
        }
    }

    private Optional<String> difference(BridgePlan bridgePlan, VethPlan plan, Vlans wanted) {
        Optional<Link> bridge = links.find(plan.bridge());
        Optional<Link> port = links.find(plan.hostLink());
        if (bridge.isEmpty() || port.isEmpty()) {
            return Optional.of("link " + (bridge.isEmpty() ? plan.bridge() : plan.hostLink()) + " is gone");
        }
        if (!kind(bridge.get()).filtersVlans()) {
            return Optional.of("bridge " + plan.bridge() + " does not look at VLANs any more");
        }
        Map<Integer, List<BridgeVlan>> present = vlans.list();
        if (!bridgePlan.addresses().isEmpty() && !isIn(present, bridge.get().index(), wanted.ofUntaggedFrames())) {
            return Optional.of("bridge " + plan.bridge() + " itself is not in VLAN "
                    + wanted.ofUntaggedFrames().first() + " any more");
        }
        Map<Integer, Set<BridgeVlanFlag>> has =
                byId(present.getOrDefault(port.get().index(), List.of()));
        Map<Integer, Set<BridgeVlanFlag>> wants = byId(wanted.ofPort());
        return wants.equals(withoutDefault(has, wants, bridge.get(), wanted))
                ? Optional.empty()
                : Optional.of("port " + plan.hostLink() + " of bridge " + plan.bridge() + " is not as " + wanted
                        + " has it any more");
    }

    /** Without the bridge's default VLAN, where that may be there. */
    private static Map<Integer, Set<BridgeVlanFlag>> withoutDefault(
            Map<Integer, Set<BridgeVlanFlag>> has, Map<Integer, Set<BridgeVlanFlag>> wants, Link bridge, Vlans wanted) {
        Map<Integer, Set<BridgeVlanFlag>> rest = new HashMap<>(has);
        if (wanted.keepsDefault()) {
            kind(bridge).defaultVlan().stream()
                    .filter(id -> !wants.containsKey(id))
                    .forEach(rest::remove);
        }
        return rest;
    }

    private void put(Link bridge, int link, BridgeSide side, List<BridgeVlan> wanted, boolean keepsDefault) {
        vlans.add(link, side, wanted);
        if (!keepsDefault) {
            Set<Integer> ids = byId(wanted).keySet();
            kind(bridge).defaultVlan().stream()
                    .filter(id -> !ids.contains(id))
                    .forEach(id -> vlans.remove(link, side, List.of(BridgeVlan.tagged(id, id))));
        }
    }

    private static boolean isIn(Map<Integer, List<BridgeVlan>> present, int link, BridgeVlan wanted) {
        return wanted.flags().equals(byId(present.getOrDefault(link, List.of())).get(wanted.first()));
    }

    private static Map<Integer, Set<BridgeVlanFlag>> byId(List<BridgeVlan> vlans) {
        Map<Integer, Set<BridgeVlanFlag>> flags = new HashMap<>();
        for (BridgeVlan vlan : vlans) {
            for (int id = vlan.first(); id <= vlan.last(); id++) {
                flags.put(id, vlan.flags());
            }
        }
        return flags;
    }

    /** Such a kernel says EOPNOTSUPP to everything about VLANs (net/bridge/br_private.h), as it does where it has no bridges at all. */
    private static void requireKernel(Link bridge, Vlans wanted) {
        if (!kind(bridge).canFilterVlans()) {
            throw new EngineException(
                    ErrorCode.UNSUPPORTED,
                    "cannot have " + wanted + " on bridge " + bridge.name()
                            + ": this kernel lacks VLANs of bridges (CONFIG_BRIDGE_VLAN_FILTERING): boot a kernel that has them");
        }
    }

    private static LinkKind.Bridge kind(Link link) {
        return link.kind()
                .filter(LinkKind.Bridge.class::isInstance)
                .map(LinkKind.Bridge.class::cast)
                .orElseThrow(() -> EngineException.conflict("link " + link.name() + " is not a bridge"));
    }
}
