package io.jnet.ipam.pool;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.store.StateChange;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides which pool a request gets. */
public final class PoolPlanner {
    /** How long a user, or a program that creates networks, may need to repeat what failed because the daemon died over it. */
    private static final Duration REPEATED = Duration.ofSeconds(30);

    private static final Duration REFUSAL = Duration.ofMinutes(1);
    private static final int MOST_REFUSED = 64;

    private final PoolSettings settings;
    private final Instant began;

    /**
     * @param began since when this process makes pools
     */
    public PoolPlanner(PoolSettings settings, Instant began) {
        this.settings = settings;
        this.began = began;
    }

    /**
     * Makes the pool of a request.
     *
     * @param known what a chosen range must not overlap, beside other pools
     * @throws EngineException {@code INVALID_REQUEST} for a range that cannot be, {@code CONFLICT} for one that overlaps another pool,
     *     {@code EXHAUSTED} when no range is left to choose
     */
    public Pool plan(StateChange state, PoolRequest request, Set<IpPrefix> known, Instant now) {
        PoolTable pools = PoolTable.in(state);
        List<Pool> existing = pools.all();
        if (request.prefix().isEmpty()) {
            requireOneTaken(state, existing, request, now);
        }
        IpPrefix prefix = request.prefix().orElseGet(() -> choose(state, existing, request.family(), known));
        Pool wanted = new Pool(
                PoolId.draw(prefix.network()),
                request.space(),
                prefix,
                request.part(),
                request.limits(),
                request.sticky(),
                now);
        // Refuses a part that no address can be given from.
        wanted.range();
        Optional<Pool> same = existing.stream()
                .filter(pool -> isRepeated(state, pool, wanted))
                .findFirst();
        if (same.isPresent()) {
            return same.get();
        }
        existing.stream()
                .filter(pool -> pool.prefix().overlaps(prefix))
                .findFirst()
                .ifPresent(other -> {
                    throw EngineException.conflict(
                            "pool " + prefix + " overlaps pool " + other.prefix() + ", which is in use");
                });
        pools.put(wanted);
        return wanted;
    }

    /** Whoever refuses one asks for the next while it keeps those before. dockerd does so without an end where all of them overlap its routes. */
    private static void requireOneTaken(StateChange state, List<Pool> existing, PoolRequest request, Instant now) {
        PoolTable pools = PoolTable.in(state);
        Set<IpPrefix> networks = subnets(state).collect(Collectors.toSet());
        long refused = existing.stream()
                .filter(pool -> pool.space().equals(request.space())
                        && pool.prefix().family() == request.family()
                        && pool.since().plus(REFUSAL).isAfter(now))
                .filter(pool -> isUnused(pools, pool) && !networks.contains(pool.prefix()))
                .count();
        if (refused >= MOST_REFUSED) {
            throw new EngineException(
                    ErrorCode.EXHAUSTED,
                    MOST_REFUSED
                            + " address pools were chosen within a minute, and none was used: where routes of this host lead to all"
                            + " of them, as a VPN's may, dockerd refuses each: choose one with --subnet");
        }
    }

    private static boolean isUnused(PoolTable pools, Pool pool) {
        PoolUsage usage = pools.usage(pool);
        return usage.leased() + usage.outside() == 0;
    }

    /** Networks whose addresses another IPAM driver gives have no pool, and those without a gateway on the host no route either. */
    private IpPrefix choose(StateChange state, List<Pool> existing, AddressFamily family, Set<IpPrefix> known) {
        List<IpPrefix> taken = Stream.of(
                        known.stream(),
                        settings.excluded().stream(),
                        subnets(state),
                        existing.stream().map(Pool::prefix))
                .flatMap(ranges -> ranges)
                .toList();
        return PoolChooser.choose(sources(PoolTable.in(state), family), taken);
    }

    private static Stream<IpPrefix> subnets(StateChange state) {
        return state.networks().stream()
                .flatMap(network -> network.spec().subnets().stream())
                .map(Subnet::prefix);
    }

    private List<PoolSettings.Source> sources(PoolTable pools, AddressFamily family) {
        List<PoolSettings.Source> configured = settings.sources().stream()
                .filter(source -> source.prefix().family() == family)
                .toList();
        if (family == AddressFamily.INET || !configured.isEmpty()) {
            return configured;
        }
        IpPrefix local = pools.localPrefix().orElseGet(() -> {
            IpPrefix drawn = PoolChooser.drawLocalPrefix();
            pools.putLocalPrefix(drawn);
            return drawn;
        });
        return List.of(PoolChooser.networksOf(local));
    }

    /**
     * The same request once more, after a process that died before it had answered the first one. A pool of this process was answered, and
     * has its network, or is about to: whoever got it too would release it in the end with the addresses of both.
     */
    private boolean isRepeated(StateChange state, Pool pool, Pool wanted) {
        boolean same = pool.prefix().equals(wanted.prefix())
                && pool.space().equals(wanted.space())
                && pool.part().equals(wanted.part())
                && pool.limits().equals(wanted.limits())
                && pool.sticky() == wanted.sticky();
        return same
                && pool.since().isBefore(began)
                && pool.since().plus(REPEATED).isAfter(wanted.since())
                && isUnused(PoolTable.in(state), pool)
                && subnets(state).noneMatch(pool.prefix()::equals);
    }
}
