package io.jnet.engine;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.FakeFirewall;
import io.jnet.engine.firewall.ForwardAdmission;
import io.jnet.engine.firewall.HostFilters;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.link.HostBridge;
import io.jnet.engine.link.LearnedNeighbour;
import io.jnet.engine.surroundings.HostConnection;
import io.jnet.engine.upkeep.HostWatch;
import io.jnet.engine.watch.HostChanges;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * A host in memory: links, ruleset, settings and ports that behave as the kernel's do, as far as the engine can tell. One request can be
 * made to fail, and everything that there is can be dumped as text and compared.
 */
public final class FakeHost {
    private final FakeSettings sysctls = new FakeSettings(this::request);
    final Map<String, String> settings = sysctls.values;
    private final FakeLinks network = new FakeLinks(this::request, sysctls);
    final Map<String, String> links = network.links;
    final List<LearnedNeighbour> neighbours = network.neighbours;
    final Set<String> down = network.down;
    final Set<String> detached = network.detached;
    final Set<String> attached = network.attached;
    final Map<String, String> shaping = network.shaping;
    final Map<String, String> vlans = network.vlans;
    final Map<String, Integer> uplinks = network.uplinks;
    /** How often somebody has looked at which links there are. */
    final AtomicInteger looks = network.looks;

    /** The links of adopted bridges that have kept their MAC address. */
    final Set<String> keptMacs = ConcurrentHashMap.newKeySet();

    final Map<String, String> ways = network.ways;
    final List<HostBridge> bridges = network.bridges;
    private final FakePorts sockets = new FakePorts(this::request);
    final Set<String> ports = sockets.held;
    final Map<String, String> served = sockets.served;
    private final FakeRules rules = new FakeRules(this::request);
    final FakeFirewall firewall = rules.firewall;
    final Set<String> everKnownBridges = rules.everKnownBridges;
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

    final FakeCounters counters = new FakeCounters();

    /** The process that takes rules away, as far as the kernel tells. */
    volatile String remover = "";
    /** Nanoseconds, which pass when a test says so. */
    final AtomicLong clock = new AtomicLong();

    private final Semaphore changes = new Semaphore(0);
    private int requests;
    private int failing;
    private List<String> failingNext = List.of();
    /** Nothing that failed is tried again before the next start. */
    volatile boolean deaf;

    /** A host with two uplinks that does not forward, and accepts router advertisements. */
    public FakeHost() {
        boot();
    }

    /** A kernel before 6.17: IPv6 is forwarded on all interfaces or on none. */
    void withoutForwardingOfSingleInterfaces() {
        settings.keySet().removeIf(key -> key.endsWith("/force_forwarding"));
    }

    /** Plugs in an interface of the host's own. */
    void plugIn(String name) {
        network.plugIn(name);
    }

    /** Gives it another name. */
    void rename(String name, String newName) {
        network.rename(name, newName);
    }

    /** Pulls it out again. */
    void pullOut(String name) {
        network.pullOut(name);
    }

    /** Writes a setting as somebody else would. */
    void sysctl(String key, String value) {
        sysctls.set(key, value);
    }

    /** The connection of an engine to this host. Reservations end with it, as a process's sockets do. */
    public HostConnection connect() {
        FakePorts.Sockets process = sockets.new Sockets();
        return new HostConnection(
                namespace,
                network.new Links(),
                network.new Marked(),
                network.new Own(),
                network.new Delays(),
                network.new Tags(),
                new FakeAdoptedBridges(links, this::request, keptMacs),
                rules.new Rules(),
                rules.new Rulesets(),
                new Admission(),
                () -> filters,
                zones,
                sysctls,
                process,
                this::settle,
                counters,
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

    /** Makes the next request fail that begins so, then the next that begins as the next of these. */
    synchronized void failNext(String... beginnings) {
        failingNext = List.of(beginnings);
    }

    /** How many kernel requests were made since {@link #failAt}. */
    synchronized int requests() {
        return requests;
    }

    /** Ends all that ends with the kernel. */
    void reboot() {
        network.clear();
        firewall.uninstall();
        ports.clear();
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
    public String dump() {
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
        if (!failingNext.isEmpty() && what.startsWith(failingNext.get(0))) {
            failingNext = failingNext.subList(1, failingNext.size());
            throw new EngineException(ErrorCode.KERNEL, what + ": injected failure");
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
            if (!deaf) {
                changes.release();
            }
        }

        @Override
        public void close() {
            closed = true;
            changes.release();
        }
    }
}
