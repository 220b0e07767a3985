package io.jnet.ipam;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.store.StateChange;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.store.StateView;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.lease.Lease;
import io.jnet.ipam.lease.LeaseReport;
import io.jnet.ipam.lease.PoolLeases;
import io.jnet.ipam.lease.Purpose;
import io.jnet.ipam.pool.HostRanges;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolId;
import io.jnet.ipam.pool.PoolPlanner;
import io.jnet.ipam.pool.PoolReport;
import io.jnet.ipam.pool.PoolRequest;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.ipam.pool.PoolTable;
import io.jnet.ipam.protocol.RequestMapping;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pools and leases: the operations that every front end maps its own onto. Thread-safe; each is one transaction, which is on the disk when
 * the call returns, or a part of the caller's where it takes one.
 *
 * <p>All operations throw {@link EngineException}, and change nothing when they do.
 */
public final class AddressPools {
    private static final Logger LOG = LoggerFactory.getLogger(AddressPools.class);

    /** So many leases are looked at in one transaction, and in memory, at a time. */
    private static final int PAGE = 1000;

    private final StateStore store;
    private final HostRanges host;
    private final PoolPlanner planner;
    private final Clock clock;
    private final String boot;
    private volatile Runnable leased = () -> {};

    /**
     * @param boot the boot of the host, so that leases of an earlier one can be told
     */
    public AddressPools(StateStore store, PoolSettings settings, HostRanges host, Clock clock, String boot) {
        this.store = store;
        this.host = host;
        this.planner = new PoolPlanner(settings, clock.instant());
        this.clock = clock;
        this.boot = boot;
    }

    /** Calls {@code listener} after leases were given. */
    void onLease(Runnable listener) {
        leased = listener;
    }

    /**
     * Makes a pool, of the range that is asked for or of one that overlaps nothing that this host knows. Each request for a chosen range
     * gets another one, so that whoever refuses one does not get it again.
     */
    public Pool requestPool(PoolRequest request) {
        // Outside the transaction, which others wait for; what changes meanwhile could change a moment later too.
        Set<IpPrefix> known = new HashSet<>();
        if (request.prefix().isEmpty()) {
            known.addAll(host.known());
            if (RequestMapping.isOfDocker(request.space())) {
                known.addAll(host.directHalves());
            }
        }
        Instant now = clock.instant();
        Pool pool = store.writeThrough(state -> planner.plan(state, request, known, now));
        LOG.atInfo().addKeyValue("pool", pool.id()).log("address pool in use");
        return pool;
    }

    /** Removes a pool with what leases are left of it; without effect for an unknown one. */
    public void releasePool(PoolId id) {
        boolean removed = store.writeThrough(state -> {
            PoolTable pools = PoolTable.in(state);
            return pools.find(id)
                    .map(pool -> {
                        leases(state, pool).clear();
                        pools.remove(id);
                        return true;
                    })
                    .orElse(false);
        });
        if (removed) {
            LOG.atInfo().addKeyValue("pool", id).log("address pool released");
        }
    }

    /** Leases an address; the answer has the pool's prefix length. */
    public IpPrefix requestAddress(PoolId id, AddressRequest request) {
        IpPrefix address = store.writeThrough(state -> requestAddress(state, id, request));
        announceLeases();
        LOG.atDebug().addKeyValue("pool", id).addKeyValue("address", address).log("leased");
        return address;
    }

    /**
     * The same in a transaction of who makes the endpoint that gets the address: both are there, or neither. {@link #announceLeases} is to follow.
     *
     * @param state under change
     */
    public IpPrefix requestAddress(StateChange state, PoolId id, AddressRequest request) {
        Pool pool = pool(state, id);
        return new IpPrefix(leases(state, pool).take(request), pool.prefix().length());
    }

    /** There are leases that nobody has been told of: whoever frees those that are abandoned looks at them, too. */
    public void announceLeases() {
        leased.run();
    }

    /** Frees an address; without effect when it is not leased, or the pool unknown. */
    public void releaseAddress(PoolId id, IpAddress address) {
        boolean known = store.read(state -> PoolTable.in(state).find(id).isPresent()
                || id.prefix()
                        .flatMap(prefix -> LostPool.network(state, prefix))
                        .isPresent());
        if (known) {
            change(id, (pool, leases) -> leases.release(address));
            LOG.atDebug()
                    .addKeyValue("pool", id)
                    .addKeyValue("address", address)
                    .log("released");
        }
    }

    /** Whether an address is leased for a network's gateway. */
    public boolean isGateway(PoolId id, IpAddress address) {
        return store.read(state -> PoolTable.in(state)
                .find(id)
                .flatMap(pool -> leases(state, pool).leased(address))
                .filter(lease -> lease.purpose() == Purpose.GATEWAY)
                .isPresent());
    }

    /** The address that is leased for the gateway of a pool's network; the first of several. */
    public Optional<IpAddress> gateway(PoolId id) {
        return store.read(state -> PoolTable.in(state).find(id).stream()
                .flatMap(pool -> leases(state, pool).leased().stream())
                .filter(lease -> lease.purpose() == Purpose.GATEWAY)
                .map(Lease::address)
                .findFirst());
    }

    /** The pool of a range; empty when there is none. */
    public Optional<Pool> pool(IpPrefix prefix) {
        return store.read(state -> PoolTable.in(state).all().stream()
                .filter(pool -> pool.prefix().equals(prefix))
                .findFirst());
    }

    /** All pools with their use, by range. */
    public List<PoolReport> pools() {
        return store.read(state -> {
            PoolTable pools = PoolTable.in(state);
            return pools.all().stream()
                    .map(pool -> PoolReport.of(pool, pools.usage(pool)))
                    .sorted(Comparator.comparing(
                            report -> report.pool().prefix().address()))
                    .toList();
        });
    }

    /** All leases, by pool and address. */
    public List<LeaseReport> leases() {
        return eachPool((pool, leases) -> leases.leased().stream()
                        .map(lease -> new LeaseReport(pool, lease))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(
                                (LeaseReport report) -> report.pool().prefix().address())
                        .thenComparing(report -> report.lease().address()))
                .toList();
    }

    /** The next leases after one, in the order of pools' identities and of addresses; a bounded number, none after the last one. */
    List<LeaseReport> leasesAfter(Optional<LeaseReport> last) {
        return store.read(state -> {
            List<LeaseReport> page = new ArrayList<>();
            for (Pool pool : PoolTable.in(state).all()) {
                int order = last.map(report ->
                                pool.id().value().compareTo(report.pool().id().value()))
                        .orElse(1);
                if (order >= 0 && page.size() < PAGE) {
                    Optional<IpAddress> from = last.filter(report -> order == 0)
                            .map(report -> report.lease().address());
                    leases(state, pool)
                            .leasedAfter(from, PAGE - page.size())
                            .forEach(lease -> page.add(new LeaseReport(pool, lease)));
                }
            }
            return page;
        });
    }

    /**
     * Marks an address as an endpoint's, for front ends that see it become one: when the endpoint goes without a word, the address is free
     * again in moments.
     *
     * @param state under change by who makes the endpoint
     * @param range of the pool; nothing is done where there is none of it
     */
    public void use(StateChange state, IpPrefix range, IpAddress address) {
        PoolTable.in(state).all().stream()
                .filter(pool -> pool.prefix().equals(range))
                .findFirst()
                .ifPresent(pool -> leases(state, pool).see(address, Lease.ENDPOINT));
    }

    /** The address that an owner has leased of a pool; empty when it has none. */
    public Optional<IpAddress> leased(PoolId id, String owner) {
        return store.read(state ->
                PoolTable.in(state).find(id).flatMap(pool -> leases(state, pool).leased(owner)));
    }

    /** Marks leases as used in network namespaces. */
    void see(Map<LeaseReport, String> seen) {
        // Not on the disk at once: what is lost is seen again.
        store.change(state -> {
            seen.forEach((one, namespace) -> PoolTable.in(state)
                    .find(one.pool().id())
                    .ifPresent(pool -> leases(state, pool).see(one.lease().address(), namespace)));
        });
    }

    /** Frees leases, those that are still the same: nobody else has got the address, and nobody has been seen to use it. */
    public void reclaim(Collection<LeaseReport> abandoned) {
        store.changeThrough(state -> {
            for (LeaseReport one : abandoned) {
                PoolTable.in(state).find(one.pool().id()).ifPresent(pool -> {
                    PoolLeases leases = leases(state, pool);
                    Lease lease = one.lease();
                    if (leases.leased(lease.address()).filter(lease::equals).isPresent()) {
                        leases.release(lease.address());
                    }
                });
            }
        });
    }

    private <T> List<T> eachPool(BiFunction<Pool, PoolLeases, T> reader) {
        return store.read(state -> PoolTable.in(state).all().stream()
                .map(pool -> reader.apply(pool, leases(state, pool)))
                .toList());
    }

    private <T> T change(PoolId id, BiFunction<Pool, PoolLeases, T> operation) {
        Function<StateChange, T> transaction = state -> {
            Pool pool = pool(state, id);
            return operation.apply(pool, leases(state, pool));
        };
        return store.writeThrough(transaction);
    }

    /** A pool, or one that went with a lost state and that its owner still speaks of. */
    private Pool pool(StateChange state, PoolId id) {
        PoolTable pools = PoolTable.in(state);
        return pools.find(id)
                .or(() -> id.prefix().flatMap(prefix -> LostPool.network(state, prefix)
                        .map(network ->
                                restore(state, network, LostPool.of(id, prefix, clock.instant()), Optional.empty()))))
                .orElseGet(() -> pools.get(id));
    }

    private Pool restore(StateChange state, Network network, Pool pool, Optional<IpAddress> router) {
        PoolTable.in(state).put(pool);
        LostPool.lease(state, network, pool, router, leases(state, pool));
        LOG.atInfo().addKeyValue("pool", pool.id()).log("address pool of an adopted network in use again");
        return pool;
    }

    /**
     * The pool of a network whose record was made again after a loss of the state, for a front end that knows that it gives the network's
     * addresses away: made with what is in use leased, unless it is there.
     *
     * @param request a range of the network
     * @param router an address that is no container's, beside that of the network's bridge
     */
    public Pool restorePool(NetworkId id, PoolRequest request, Optional<IpAddress> router) {
        IpPrefix prefix = request.prefix().orElseThrow(() -> EngineException.invalid("a lost pool has a range"));
        Instant now = clock.instant();
        return store.writeThrough(state -> PoolTable.in(state).all().stream()
                .filter(pool -> pool.prefix().equals(prefix))
                .findFirst()
                .orElseGet(() -> {
                    Network network = LostPool.network(state, prefix)
                            .filter(one -> one.id().equals(id))
                            .orElseThrow(() -> EngineException.notFound("no address pool of " + prefix));
                    return restore(
                            state,
                            network,
                            new Pool(
                                    PoolId.draw(prefix),
                                    request.space(),
                                    prefix,
                                    request.part(),
                                    request.limits(),
                                    request.sticky(),
                                    now),
                            router);
                }));
    }

    /** Leases what endpoints have of the pools that are there, in the transaction that made the endpoints' records again. */
    public void leaseAdopted(StateChange state, List<Endpoint> endpoints) {
        Map<IpPrefix, Pool> pools =
                PoolTable.in(state).all().stream().collect(Collectors.toMap(Pool::prefix, Function.identity()));
        for (Endpoint endpoint : endpoints) {
            for (IpPrefix address : endpoint.spec().addresses()) {
                Optional.ofNullable(pools.get(address.network()))
                        .ifPresent(pool -> LostPool.lease(address.address(), leases(state, pool)));
            }
        }
    }

    private PoolLeases leases(StateView state, Pool pool) {
        return new PoolLeases(state, pool, clock.instant(), boot);
    }
}
