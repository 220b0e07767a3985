package io.jnet.engine.work;

import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.network.NetworkId;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Who waits for whom. Taken in this order, so that nobody waits in a circle: joins, the host, the rules, one network, one endpoint.
 *
 * <p>Creating and deleting networks changes things of the whole host, one at a time. Operations on endpoints of one network run side by
 * side, but not beside the network's own deletion; those on one endpoint run one after the other. Locks are striped: two ids may share
 * one, which costs time and nothing else.
 */
public final class Locks {
    private static final int STRIPES = 256;

    private final ReadWriteLock joins = new ReentrantReadWriteLock();
    private final Lock host = new ReentrantLock();
    private final ReadWriteLock rules = new ReentrantReadWriteLock();
    private final ReadWriteLock[] networks = new ReadWriteLock[STRIPES];
    private final Lock[] endpoints = new Lock[STRIPES];

    public Locks() {
        for (int i = 0; i < STRIPES; i++) {
            networks[i] = new ReentrantReadWriteLock();
            endpoints[i] = new ReentrantLock();
        }
    }

    /** Beside other joins, and not beside who takes back what the host needs for them. */
    public <T> T withJoin(Supplier<T> work) {
        return holding(joins.readLock(), work);
    }

    /** Alone with the host's own things, while no join is under way. */
    <T> T withoutJoins(Supplier<T> work) {
        return holding(joins.writeLock(), () -> withHost(work));
    }

    /** {@link #withoutJoins} for work without a result. */
    public void runWithoutJoins(Runnable work) {
        withoutJoins(resultless(work));
    }

    /** Alone with the host's own things. */
    public <T> T withHost(Supplier<T> work) {
        return holding(host, work);
    }

    /** {@link #withHost} for work without a result. */
    public void runWithHost(Runnable work) {
        withHost(resultless(work));
    }

    /** Alone with the host's own things and one network. */
    public <T> T withNetwork(NetworkId id, Supplier<T> work) {
        return holding(host, () -> holding(networks[stripe(id)].writeLock(), work));
    }

    /** {@link #withNetwork} for work without a result. */
    public void runWithNetwork(NetworkId id, Runnable work) {
        withNetwork(id, resultless(work));
    }

    /** While no rule of an endpoint comes or goes; taken with the host held, by who writes the whole ruleset. */
    public <T> T withRules(Supplier<T> work) {
        return holding(rules.writeLock(), work);
    }

    /** {@link #withRules} for work without a result. */
    public void runWithRules(Runnable work) {
        withRules(resultless(work));
    }

    /** Alone with one endpoint, on a network that stays. */
    public <T> T withEndpoint(NetworkId network, EndpointId id, Supplier<T> work) {
        return holding(
                rules.readLock(),
                () -> holding(networks[stripe(network)].readLock(), () -> holding(endpoints[stripe(id)], work)));
    }

    /** {@link #withEndpoint} for work without a result. */
    public void runWithEndpoint(NetworkId network, EndpointId id, Runnable work) {
        withEndpoint(network, id, resultless(work));
    }

    private static Supplier<Boolean> resultless(Runnable work) {
        return () -> {
            work.run();
            return true;
        };
    }

    private static int stripe(Object id) {
        return Math.floorMod(id.hashCode(), STRIPES);
    }

    private static <T> T holding(Lock lock, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
