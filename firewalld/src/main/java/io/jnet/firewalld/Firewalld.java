package io.jnet.firewalld;

import io.jnet.engine.firewall.Passage;
import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.netlink.link.InterfaceName;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.freedesktop.dbus.exceptions.DBusException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has jnet's bridges in a zone of firewalld, again after it has loaded its rules anew, and knows what its policies let through to them.
 *
 * <p>firewalld forgets at a reload what was not written to its files, and jnet writes nothing there: the zone is a matter of firewalld's
 * running rules, as the bridges are of the kernel's.
 */
public final class Firewalld implements ZoneFirewall {
    private static final Logger LOG = LoggerFactory.getLogger(Firewalld.class);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Runnable changed;
    private final Object lock = new Object();
    private Set<InterfaceName> wanted = Set.of();
    private Set<InterfaceName> others = Set.of();
    private Set<InterfaceName> joined = Set.of();
    /** To be taken out of their zone: what has been put there, and is wanted there no more. */
    private final Set<InterfaceName> leaving = new HashSet<>();

    private Set<Passage> passages = Set.of();
    private boolean runs;
    private boolean stale;
    private boolean closed;
    private String trouble = "";
    private Thread worker;
    /** Only the worker's. */
    private FirewalldBus bus;

    /**
     * @param changed is told when what {@link #passages} says is another
     */
    public Firewalld(Runnable changed) {
        this.changed = changed;
    }

    @Override
    public void follow(Set<InterfaceName> bridges, Set<InterfaceName> otherLinks) {
        synchronized (lock) {
            boolean same = runs && wanted.equals(bridges) && others.equals(otherLinks);
            runs = true;
            if (same || closed) {
                return;
            }
            wanted.stream().filter(bridge -> !bridges.contains(bridge)).forEach(leaving::add);
            leaving.removeAll(bridges);
            wanted = Set.copyOf(bridges);
            others = Set.copyOf(otherLinks);
            stale = true;
            if (worker == null && !(wanted.isEmpty() && leaving.isEmpty())) {
                worker = new Thread(this::work, "jnet-firewalld");
                worker.setDaemon(true);
                worker.start();
            }
            lock.notifyAll();
        }
    }

    @Override
    public boolean await(InterfaceName bridge, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        synchronized (lock) {
            try {
                while (runs && !closed && (stale || !joined.contains(bridge))) {
                    long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                    if (left <= 0) {
                        return false;
                    }
                    lock.wait(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return joined.contains(bridge);
        }
    }

    @Override
    public void forget() {
        synchronized (lock) {
            runs = false;
            joined = Set.of();
            leaving.clear();
            passages = Set.of();
            trouble = "";
            lock.notifyAll();
        }
    }

    @Override
    public Optional<Set<Passage>> passages() {
        synchronized (lock) {
            return runs ? Optional.of(passages) : Optional.empty();
        }
    }

    @Override
    public Optional<String> trouble() {
        synchronized (lock) {
            return runs && !trouble.isEmpty() ? Optional.of(trouble) : Optional.empty();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    /** A signal of firewalld: what it had of its running state may be gone. */
    private void heard() {
        synchronized (lock) {
            stale = true;
            lock.notifyAll();
        }
    }

    private void work() {
        String told = "";
        while (awaitWork()) {
            Set<InterfaceName> bridges;
            Set<InterfaceName> left;
            Set<InterfaceName> links;
            synchronized (lock) {
                stale = false;
                bridges = wanted;
                links = others;
                left = Set.copyOf(leaving);
            }
            try {
                bring(bridges, left, links);
                told = "";
            } catch (DBusException | RuntimeException e) {
                disconnect();
                String reason = String.valueOf(e.getMessage());
                if (!told.equals(reason)) {
                    LOG.warn("cannot put bridges into a zone of firewalld, trying again: {}", reason);
                    told = reason;
                }
                failed(reason);
            }
        }
        disconnect();
    }

    private boolean awaitWork() {
        synchronized (lock) {
            try {
                while (!closed && !(runs && stale)) {
                    lock.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            return !closed;
        }
    }

    private void bring(Set<InterfaceName> bridges, Set<InterfaceName> left, Set<InterfaceName> links)
            throws DBusException {
        if (bus == null) {
            bus = FirewalldBus.connect(this::heard);
        }
        Zones before = bus.zones();
        bus.join(bridges.stream().filter(bridge -> !before.has(bridge)).toList());
        for (InterfaceName bridge : left) {
            bus.leave(bridge);
        }
        Set<Passage> found = bridges.isEmpty() ? Set.of() : bus.zones().passages(bus.policies(), links, bridges);
        boolean news;
        boolean moved;
        synchronized (lock) {
            moved = !joined.equals(bridges);
            news = !passages.equals(found);
            joined = bridges;
            leaving.removeAll(left);
            passages = Set.copyOf(found);
            trouble = "";
            lock.notifyAll();
        }
        if (moved) {
            LOG.atInfo().addKeyValue("bridges", bridges).log("bridges in a zone of firewalld");
        }
        if (news) {
            changed.run();
        }
    }

    /** Waits a little: what failed is tried again. */
    private void failed(String reason) {
        long end = System.nanoTime() + RETRY.toNanos();
        synchronized (lock) {
            trouble = reason;
            joined = Set.of();
            stale = true;
            try {
                while (!closed && end - System.nanoTime() > NANOS_PER_MILLI) {
                    lock.wait((end - System.nanoTime()) / NANOS_PER_MILLI);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void disconnect() {
        if (bus != null) {
            bus.close();
            bus = null;
        }
    }
}
