package io.jnet.engine;

import io.jnet.engine.firewall.BridgePortRules;
import io.jnet.engine.firewall.FakeFirewall;
import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.FirewallState;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.firewall.HostFilters;
import io.jnet.engine.firewall.InstalledRulesets;
import io.jnet.engine.firewall.NetworkRules;
import io.jnet.engine.firewall.PortRule;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.firewall.RulesetContent;
import io.jnet.engine.firewall.Surroundings;
import io.jnet.engine.host.HostChanges;
import io.jnet.engine.link.AdoptedBridges;
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
import io.jnet.engine.network.Adoption;
import io.jnet.engine.network.Vlans;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A host in memory: links, ruleset, settings and ports that behave as the kernel's do, as far as the engine can tell. One request can be
 * made to fail, and everything that there is can be dumped as text and compared.
 */
final class FakeHost {
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

    private final FakeSettings sysctls = new FakeSettings(this::request);
    final Map<String, String> settings = sysctls.values;
    /** The host's own interfaces, with their indexes. */
    final Map<String, Integer> uplinks = new ConcurrentSkipListMap<>();

    /** The links by which addresses of others' containers are reached. */
    final Map<String, String> ways = new TreeMap<>();

    private final Map<String, Integer> indexes = new ConcurrentSkipListMap<>();
    final List<HostBridge> bridges = new CopyOnWriteArrayList<>();
    private final FakePorts sockets = new FakePorts(this::request);
    final Set<String> ports = sockets.held;
    final Map<String, String> served = sockets.served;
    final FakeFirewall firewall = new FakeFirewall();
    final Set<String> everKnownBridges = new TreeSet<>();
    final List<String> settled = new CopyOnWriteArrayList<>();
    String namespace = "boot-1 namespace-1";
    volatile boolean admitted;
    /** The host's other packet filters. */
    volatile HostFilters filters = HostFilters.NONE;

    final FakeZones zones = new FakeZones();
    /** The containers' namespaces that are there. */
    final Set<String> sandboxes = ConcurrentHashMap.newKeySet();
    /** Other network namespaces of this boot that are there. */
    final Set<String> livingNamespaces = ConcurrentHashMap.newKeySet();

    /** The process that takes rules away, as far as the kernel tells. */
    volatile String remover = "";
    /** Nanoseconds, which pass when a test says so. */
    final AtomicLong clock = new AtomicLong();

    private final Semaphore changes = new Semaphore(0);
    private int nextIndex = 1;
    private int requests;
    private int failing;
    private String failingNext = "";

    /** A host with two uplinks that does not forward, and accepts router advertisements. */
    FakeHost() {
        boot();
    }

    /** A kernel before 6.17: IPv6 is forwarded on all interfaces or on none. */
    void withoutForwardingOfSingleInterfaces() {
        settings.keySet().removeIf(key -> key.endsWith("/force_forwarding"));
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

    /** Writes a setting as somebody else would. */
    void sysctl(String key, String value) {
        sysctls.set(key, value);
    }

    /** The connection of an engine to this host. Reservations end with it, as a process's sockets do. */
    HostConnection connect() {
        FakePorts.Sockets process = sockets.new Sockets();
        return new HostConnection(
                namespace,
                new Links(),
                new Marked(),
                new Own(),
                new Delays(),
                new Tags(),
                new Adopted(),
                new Rules(),
                new Rulesets(),
                new Admission(),
                () -> filters,
                zones,
                sysctls,
                process,
                this::settle,
                new Changes(),
                sandboxes::contains,
                key -> Optional.of("/proc/1/ns/net").filter(file -> livingNamespaces.contains(key)),
                clock::get,
                process::closeAll);
    }

    /** Makes the {@code n}-th kernel request from now on fail, once; 0: none. */
    synchronized void failAt(int n) {
        requests = 0;
        failing = n;
    }

    /** Makes the next request fail that begins so, once. */
    synchronized void failNext(String what) {
        failingNext = what;
    }

    /** How many kernel requests were made since {@link #failAt}. */
    synchronized int requests() {
        return requests;
    }

    /** Ends all that ends with the kernel. */
    void reboot() {
        links.clear();
        shaping.clear();
        vlans.clear();
        firewall.uninstall();
        ports.clear();
        uplinks.clear();
        boot();
        admitted = false;
        namespace = "boot-2 namespace-1";
    }

    private void boot() {
        sysctls.boot();
        plugIn("eth0");
        plugIn("eth1");
    }

    /** All that there is. */
    String dump() {
        return "links " + links + "\nshaping " + shaping + "\nvlans " + vlans + "\nrules " + firewall.owner() + "\n"
                + firewall.dump() + "admitted " + admitted + "\nports " + ports + " served " + served + "\nsettings "
                + settings;
    }

    /** The elements of the maps of published ports. */
    List<String> published() {
        return firewall.dump()
                .lines()
                .filter(line -> line.startsWith("published"))
                .toList();
    }

    private synchronized void request(String what) {
        requests++;
        if (requests == failing) {
            throw new EngineException(ErrorCode.KERNEL, what + ": injected failure");
        }
        if (!failingNext.isEmpty() && what.startsWith(failingNext)) {
            failingNext = "";
            throw new EngineException(ErrorCode.KERNEL, what + ": injected failure");
        }
    }

    private final class Links implements LinkLayer {
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

    private static boolean isMarked(String text, String alias) {
        return LinkMark.isSameOwner(Optional.of(aliasOf(text)), alias);
    }

    private final class Marked implements MarkedLinks {
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

    private final class Rulesets implements InstalledRulesets {
        @Override
        public Map<String, String> owners() {
            request("look at tables");
            return firewall.owner()
                    .map(owner -> Map.of("table inet jnet", owner))
                    .orElse(Map.of());
        }

        @Override
        public Set<InterfaceName> opened(AddressFamily family) {
            String line = family == AddressFamily.INET ? "opened4 { \"" : "opened6 { \"";
            return firewall.dump()
                    .lines()
                    .filter(element -> element.startsWith(line))
                    .map(element -> new InterfaceName(element.substring(line.length(), element.indexOf("\" }"))))
                    .collect(Collectors.toSet());
        }

        @Override
        public RulesetContent content(String owner) {
            return firewall.content();
        }

        @Override
        public List<String> surplus(FirewallState desired) {
            return firewall.surplus(desired);
        }

        @Override
        public void remove(String owner) {
            request("remove tables of " + owner);
            if (firewall.owner().equals(Optional.of(owner))) {
                firewall.uninstall();
            }
        }
    }

    /** What somebody does to a bridge or port is to set it down, to take it out of its bridge, or to remove it. */
    private final class Own implements OwnLinks {
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

    private final class Delays implements Shaper {
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

    private final class Tags implements PortVlans {
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

    /** A bridge that the host's owner made is the text {@code bridge}, its index, and its addresses. */
    private final class Adopted implements AdoptedBridges {
        @Override
        public Optional<Adoption> examine(BridgePlan plan) {
            request("examine " + plan.name());
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
                    false));
        }

        @Override
        public void adopt(InterfaceName bridge, Adoption adoption) {
            request("adopt " + bridge);
            adoption.addresses()
                    .forEach(address -> links.computeIfPresent(
                            bridge.value(),
                            (name, there) -> there.contains(" " + address) ? there : there + " " + address));
        }

        @Override
        public void release(InterfaceName bridge, Adoption adoption) {
            request("release " + bridge);
            adoption.addresses()
                    .forEach(address -> links.computeIfPresent(
                            bridge.value(),
                            (name, there) ->
                                    index(there) == adoption.index() ? there.replace(" " + address, "") : there));
        }

        @Override
        public void giveUp(InterfaceName bridge, String alias) {
            request("give up " + bridge);
            links.computeIfPresent(
                    bridge.value(), (name, there) -> isMarked(there, alias) ? "bridge 1 given up" : there);
        }

        private int index(String there) {
            return Integer.parseInt(there.split(" ", -1)[1]);
        }
    }

    private final class Rules implements Firewall {
        @Override
        public void install(FirewallState desired) {
            request("install ruleset");
            desired.networks()
                    .forEach(network -> everKnownBridges.add(network.bridge().value()));
            firewall.install(desired);
        }

        @Override
        public void uninstall() {
            request("uninstall ruleset");
            firewall.uninstall();
        }

        @Override
        public boolean isInstalled() {
            return firewall.isInstalled();
        }

        @Override
        public void setSurroundings(Surroundings surroundings) {
            request("set surroundings " + surroundings);
            firewall.setSurroundings(surroundings);
        }

        @Override
        public void addNetwork(NetworkRules network) {
            request("add network " + network.bridge());
            everKnownBridges.add(network.bridge().value());
            firewall.addNetwork(network);
        }

        @Override
        public void removeNetwork(NetworkRules network) {
            request("remove network " + network.bridge());
            firewall.removeNetwork(network);
        }

        @Override
        public void publish(List<? extends PortRule> publications) {
            request("publish " + publications.size());
            firewall.publish(publications);
        }

        @Override
        public void unpublish(List<? extends PortRule> publications) {
            request("unpublish " + publications.size());
            firewall.unpublish(publications);
        }

        @Override
        public void addBridgePort(BridgePortRules port) {
            request("add bridge port " + port.link());
            firewall.addBridgePort(port);
        }

        @Override
        public void removeBridgePort(BridgePortRules port) {
            request("remove bridge port " + port.link());
            firewall.removeBridgePort(port);
        }
    }

    private final class Admission implements ForwardAdmission {
        private boolean known;

        @Override
        public boolean isUnheard() {
            return false;
        }

        @Override
        public void admit(BiConsumer<String, Runnable> lost) {
            request("admit");
            if (known && !admitted) {
                lost.accept("iptables", () -> admitted = true);
            } else {
                admitted = true;
            }
            known = true;
        }

        @Override
        public void withdraw() {
            request("withdraw");
            known = false;
            admitted = false;
        }
    }

    private void settle(List<Publication> published, List<Publication> withdrawn) {
        request("settle flows");
        settled.add("to " + published + " from " + withdrawn);
    }

    /** Whether every change was looked at. */
    boolean isWatchIdle() {
        return changes.availablePermits() == 0 && changes.hasQueuedThreads();
    }

    /** What {@link HostWatch} waits for. */
    void change() {
        changes.release();
    }

    private final class Changes implements HostChanges {
        private volatile boolean closed;

        @Override
        public boolean rest(Duration longest) {
            return true;
        }

        @Override
        public Optional<String> remover() {
            return Optional.of(remover).filter(name -> !name.isEmpty());
        }

        @Override
        public boolean await(Duration longest) {
            try {
                changes.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            return !closed;
        }

        @Override
        public void announce() {
            changes.release();
        }

        @Override
        public void close() {
            closed = true;
            changes.release();
        }
    }
}
