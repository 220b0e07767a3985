package io.jnet.engine;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.link.BridgePlan;
import io.jnet.engine.link.BridgeState;
import io.jnet.engine.link.Damage;
import io.jnet.engine.link.HostBridge;
import io.jnet.engine.link.HostLink;
import io.jnet.engine.link.LearnedNeighbour;
import io.jnet.engine.link.LinkIdentity;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.LinkMark;
import io.jnet.engine.link.MarkedLink;
import io.jnet.engine.link.MarkedLinks;
import io.jnet.engine.link.OwnLinks;
import io.jnet.engine.link.PortVlans;
import io.jnet.engine.link.Shaper;
import io.jnet.engine.link.ShapingPlan;
import io.jnet.engine.link.VethPlan;
import io.jnet.engine.network.Vlans;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The links of a {@link FakeHost}, each a line of text, and what the engine asks of them. */
final class FakeLinks {
    private static final String END_OF_ALIAS = " | ";

    final Map<String, String> links = new TreeMap<>();
    /** What the host was told of its neighbours. */
    final List<LearnedNeighbour> neighbours = new CopyOnWriteArrayList<>();
    /** Those of the links that somebody has set down. */
    final Set<String> down = new TreeSet<>();
    /** Ends of veth pairs that somebody has taken out of their bridge. */
    final Set<String> detached = new TreeSet<>();
    /** Ends of veth pairs that were made ports of a bridge again. */
    final Set<String> attached = new TreeSet<>();
    /** What delays packets, by link; goes with the link. */
    final Map<String, String> shaping = new TreeMap<>();

    /** The VLANs that ports are in, by link; go with the link. */
    final Map<String, String> vlans = new TreeMap<>();

    /** The host's own interfaces, with their indexes. */
    final Map<String, Integer> uplinks = new ConcurrentSkipListMap<>();

    /** The links by which addresses of others' containers are reached. */
    final Map<String, String> ways = new TreeMap<>();

    final List<HostBridge> bridges = new CopyOnWriteArrayList<>();
    /** How often somebody has looked at which links there are. */
    final AtomicInteger looks = new AtomicInteger();

    private final Map<String, Integer> indexes = new ConcurrentSkipListMap<>();
    private final Consumer<String> requests;
    private final FakeSettings sysctls;
    private int nextIndex = 1;

    /**
     * @param requests told of each request to the kernel, which it may refuse
     * @param sysctls settings come and go with their link
     */
    FakeLinks(Consumer<String> requests, FakeSettings sysctls) {
        this.requests = requests;
        this.sysctls = sysctls;
    }

    /** Plugs in an interface of the host's own. */
    void plugIn(String name) {
        uplinks.put(name, nextIndex++);
        sysctls.add(name);
    }

    /** Gives it another name. */
    void rename(String name, String newName) {
        uplinks.put(newName, uplinks.remove(name));
        sysctls.rename(name, newName);
    }

    /** Pulls it out again. */
    void pullOut(String name) {
        uplinks.remove(name);
        sysctls.remove(name);
    }

    /** Ends those that end with the kernel. */
    void clear() {
        links.clear();
        shaping.clear();
        vlans.clear();
        uplinks.clear();
    }

    private void request(String what) {
        requests.accept(what);
    }

    final class Links implements LinkLayer {
        @Override
        public Optional<InterfaceName> towards(IpAddress address) {
            request("find route to " + address);
            return Optional.ofNullable(ways.get(address.toString())).map(InterfaceName::new);
        }

        @Override
        public void buildBridge(BridgePlan plan) {
            request("build bridge " + plan.name());
            String there = links.get(plan.name().value());
            if (there != null && !isMarked(there, plan.alias())) {
                throw EngineException.conflict("link " + plan.name() + " exists and is not jnet's");
            }
            if (there == null) {
                sysctls.add(plan.name().value());
                indexes.put(plan.name().value(), nextIndex++);
            }
            down.remove(plan.name().value());
            links.put(
                    plan.name().value(),
                    plan.alias() + END_OF_ALIAS + plan.mac() + " " + plan.addresses() + " " + plan.mtu());
        }

        @Override
        public BridgeState bridge(LinkIdentity bridge) {
            InterfaceName name = bridge.name();
            request("look at " + name);
            String there = links.get(name.value());
            if (there == null) {
                return BridgeState.ABSENT;
            }
            if (!isMarked(there, bridge.alias())) {
                return BridgeState.FOREIGN;
            }
            return down.contains(name.value()) ? BridgeState.DOWN : BridgeState.UP;
        }

        @Override
        public void removeBridge(LinkIdentity bridge) {
            request("remove bridge " + bridge.name());
            remove(bridge.name(), bridge.alias());
        }

        @Override
        public void buildVeth(VethPlan plan) {
            request("build veth " + plan.hostLink());
            if (!links.containsKey(plan.bridge().value())) {
                throw new EngineException(ErrorCode.KERNEL, "no bridge " + plan.bridge());
            }
            links.put(plan.hostLink().value(), plan.alias() + END_OF_ALIAS + plan.hostMac() + " on " + plan.bridge());
            links.put(plan.peerLink().value(), plan.peerMac().toString());
            plan.vlans().ifPresent(wanted -> vlans.put(plan.hostLink().value(), wanted.toString()));
        }

        @Override
        public void removeVeth(VethPlan plan) {
            request("remove veth " + plan.hostLink());
            remove(plan.hostLink(), plan.alias());
            links.remove(plan.peerLink().value());
        }

        @Override
        public Set<InterfaceName> live() {
            looks.incrementAndGet();
            Set<InterfaceName> names = new TreeSet<>();
            uplinks.keySet().forEach(name -> names.add(new InterfaceName(name)));
            links.keySet().forEach(name -> names.add(new InterfaceName(name)));
            return names;
        }

        @Override
        public Set<HostLink> standalone() {
            Map<String, Integer> all = new TreeMap<>(uplinks);
            indexes.forEach((name, index) -> {
                if (links.containsKey(name)) {
                    all.put(name, index);
                }
            });
            return all.entrySet().stream()
                    .map(link -> new HostLink(new InterfaceName(link.getKey()), link.getValue()))
                    .collect(Collectors.toSet());
        }

        @Override
        public List<HostBridge> bridges() {
            return List.copyOf(bridges);
        }

        private void remove(InterfaceName name, String alias) {
            String there = links.get(name.value());
            if (there != null && !isMarked(there, alias)) {
                throw EngineException.conflict("link " + name + " is not jnet's");
            }
            links.remove(name.value());
            shaping.remove(name.value());
            vlans.remove(name.value());
            sysctls.remove(name.value());
        }
    }

    private static String aliasOf(String text) {
        return text.contains(END_OF_ALIAS) ? text.substring(0, text.indexOf(END_OF_ALIAS)) : text;
    }

    static boolean isMarked(String text, String alias) {
        return LinkMark.isSameOwner(Optional.of(aliasOf(text)), alias);
    }

    final class Marked implements MarkedLinks {
        @Override
        public List<MarkedLink> inPlace() {
            request("list marked links");
            List<MarkedLink> marked = new ArrayList<>();
            links.forEach((name, text) -> {
                boolean inPlace = name.startsWith("jbr-") || name.startsWith("ji") || text.contains(" on jbr-");
                LinkMark.parse(aliasOf(text))
                        .filter(mark -> inPlace)
                        .ifPresent(mark -> marked.add(marked(name, text, mark)));
            });
            return marked;
        }

        private MarkedLink marked(String name, String text, LinkMark mark) {
            boolean bridge = name.startsWith("jbr-");
            boolean port = text.contains(" on ");
            String rest = text.contains(END_OF_ALIAS) ? text.split(" \\| ", 2)[1] : "";
            return new MarkedLink(
                    new InterfaceName(name),
                    name.hashCode(),
                    mark,
                    bridge ? MarkedLink.Shape.BRIDGE : port ? MarkedLink.Shape.VETH : MarkedLink.Shape.OTHER,
                    Optional.of(rest.split(" ", 2)[0])
                            .filter(mac -> !mac.isEmpty())
                            .map(MacAddress::parse),
                    1500,
                    false,
                    port
                            ? OptionalInt.of(text.substring(text.indexOf(" on ") + " on ".length())
                                    .hashCode())
                            : OptionalInt.empty());
        }

        @Override
        public void mark(MarkedLink link, String alias) {
            request("mark " + link.name());
            links.computeIfPresent(
                    link.name().value(),
                    (name, text) -> alias + text.substring(aliasOf(text).length()));
        }

        @Override
        public List<LearnedNeighbour> neighbours() {
            return neighbours;
        }

        @Override
        public void remove(MarkedLink link) {
            request("remove marked link " + link.name());
            String name = link.name().value();
            links.remove(name);
            links.remove(name.replaceFirst("^jv", "jp"));
            sysctls.remove(name);
        }
    }

    /** What somebody does to a bridge or port is to set it down, to take it out of its bridge, or to remove it. */
    final class Own implements OwnLinks {
        @Override
        public Damage look(Collection<BridgePlan> bridges, Collection<VethPlan> ports) {
            Map<InterfaceName, String> undone = new TreeMap<>();
            Set<InterfaceName> taken = new TreeSet<>();
            for (BridgePlan plan : bridges) {
                String there = links.get(plan.name().value());
                if (there == null) {
                    undone.put(plan.name(), "was removed");
                } else if (!isMarked(there, plan.alias())) {
                    taken.add(plan.name());
                } else if (down.contains(plan.name().value())) {
                    undone.put(plan.name(), "was set down");
                }
            }
            for (VethPlan plan : ports) {
                if (links.containsKey(plan.hostLink().value())
                        && links.containsKey(plan.bridge().value())
                        && !taken.contains(plan.bridge())
                        && detached.contains(plan.hostLink().value())) {
                    undone.put(plan.hostLink(), "was taken out of bridge " + plan.bridge());
                }
            }
            return new Damage(undone, taken);
        }

        @Override
        public boolean isThere(InterfaceName name) {
            return links.containsKey(name.value());
        }

        @Override
        public void mend(BridgePlan bridge, VethPlan plan) {
            request("mend " + plan.hostLink());
            detached.remove(plan.hostLink().value());
            attached.add(plan.hostLink().value());
        }
    }

    final class Delays implements Shaper {
        @Override
        public void requireFree(ShapingPlan plan) {
            request("look at " + plan.hostLink());
        }

        @Override
        public void shape(ShapingPlan plan) {
            request("shape " + plan.hostLink());
            if (!links.containsKey(plan.hostLink().value())) {
                throw new EngineException(ErrorCode.KERNEL, "no link " + plan.hostLink());
            }
            plan.shaper().ifPresent(shaper -> {
                if (!links.getOrDefault(shaper.value(), plan.alias()).equals(plan.alias())) {
                    throw EngineException.conflict("link " + shaper + " exists and is not jnet's");
                }
                links.put(shaper.value(), plan.alias());
            });
            request("delay " + plan.hostLink());
            shaping.put(plan.hostLink().value(), plan.bandwidth().toString());
        }

        @Override
        public void unshape(ShapingPlan plan) {
            request("unshape " + plan.hostLink());
            plan.shaper().ifPresent(shaper -> links.remove(shaper.value(), plan.alias()));
            if (plan.foreign()) {
                shaping.remove(plan.hostLink().value());
            }
        }

        @Override
        public Optional<String> difference(ShapingPlan plan) {
            boolean shaperIsThere = plan.shaper()
                    .map(shaper -> links.containsKey(shaper.value()))
                    .orElse(true);
            String wanted = plan.bandwidth().toString();
            return shaperIsThere && wanted.equals(shaping.get(plan.hostLink().value()))
                    ? Optional.empty()
                    : Optional.of("not shaped to " + wanted);
        }
    }

    final class Tags implements PortVlans {
        @Override
        public void mend(VethPlan plan) {
            plan.vlans().ifPresent(wanted -> {
                request("mend VLANs of " + plan.hostLink());
                if (links.containsKey(plan.hostLink().value())) {
                    vlans.put(plan.hostLink().value(), wanted.toString());
                }
            });
        }

        @Override
        public Optional<String> difference(BridgePlan bridge, VethPlan plan) {
            return plan.vlans()
                    .map(Vlans::toString)
                    .filter(wanted -> !wanted.equals(vlans.get(plan.hostLink().value())))
                    .map(wanted -> "not in " + wanted);
        }
    }
}
