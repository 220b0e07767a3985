package io.jnet.ipam.lease;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.store.StateView;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolTable;
import io.jnet.ipam.pool.PoolUsage;
import io.jnet.netlink.address.IpAddress;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Choosing, giving and taking back the addresses of one pool, in one transaction.
 *
 * <p>Free addresses are given in this order: those that were never used, or so long ago that nothing is known of them any more, upwards
 * from a cursor; then released ones, the one released first before the others; then those kept back for their owners, in the same order.
 * Each step is a look-up in an ordered table: what an allocation costs does not depend on the size of the pool.
 */
public final class PoolLeases {
    /** How many released addresses are remembered, so that a pool of millions does not fill the store. */
    static final int LONGEST_REST = 65_536;

    /** How long dockerd repeats a call whose connection died (moby, pkg/plugins/client.go). */
    private static final Duration REPEATED = Duration.ofSeconds(30);

    /** Making a network ends with its auxiliary addresses: what is asked for by name later, or in a pool in use, is a container's. */
    private static final Duration IN_THE_MAKING = Duration.ofSeconds(60);

    private static final int MOST_RESERVED = 256;

    private final Pool pool;
    private final PoolTable pools;
    private final LeaseTable leases;
    private final Instant now;
    private final String boot;
    private PoolUsage usage;

    /**
     * @param state a transaction; one that writes for anything but reports
     * @param boot the boot of the host, which leases are marked with
     */
    public PoolLeases(StateView state, Pool pool, Instant now, String boot) {
        this.pool = pool;
        this.pools = PoolTable.in(state);
        this.leases = LeaseTable.of(state, pool.id());
        this.now = now;
        this.boot = boot;
        this.usage = pools.usage(pool);
    }

    /**
     * Leases an address.
     *
     * @throws EngineException {@code INVALID_REQUEST} for an address that the pool does not have, {@code CONFLICT} for one that is taken,
     *     {@code EXHAUSTED} when none is left
     */
    public IpAddress take(AddressRequest request) {
        IpAddress address =
                request.address().isPresent() ? named(request, request.address().get()) : chosen(request);
        pools.put(pool.id(), usage);
        return address;
    }

    /**
     * Frees an address.
     *
     * @return whether it was leased
     */
    public boolean release(IpAddress address) {
        Optional<Lease> found = leases.get(address).filter(Lease::isLeased);
        found.ifPresent(this::free);
        pools.put(pool.id(), usage);
        return found.isPresent();
    }

    /** Marks an address as used in a network namespace. */
    public void see(IpAddress address, String namespace) {
        leased(address).ifPresent(lease -> leases.put(lease.seenIn(namespace, boot)));
    }

    /** All leases, free addresses not among them, by address. */
    public List<Lease> leased() {
        return leases.all().stream().filter(Lease::isLeased).toList();
    }

    /** The next leases after an address, or from the first one. */
    public List<Lease> leasedAfter(Optional<IpAddress> last, int limit) {
        return leases.after(last, limit);
    }

    /** The lease of an address; empty when it is free. */
    public Optional<Lease> leased(IpAddress address) {
        return leases.get(address).filter(Lease::isLeased);
    }

    /** The address that an owner has leased; empty when it has none. */
    public Optional<IpAddress> leased(String owner) {
        return leases.ofOwner(owner).filter(address -> leased(address)
                .filter(lease -> lease.owner().equals(Optional.of(owner)))
                .isPresent());
    }

    /** Forgets all leases. */
    public void clear() {
        leases.clear();
    }

    private IpAddress named(AddressRequest request, IpAddress address) {
        checkUsable(address);
        endOfEarlierBoot(address);
        Optional<Lease> known = leases.get(address);
        if (known.filter(Lease::isLeased).isPresent()) {
            if (isRepeated(known.get(), request)) {
                return address;
            }
            throw EngineException.conflict("address " + address + " of pool " + pool.prefix() + " is taken"
                    + known.get().owner().map(owner -> " by " + owner).orElse(""));
        }
        known.ifPresent(this::forgetFree);
        lease(address, request);
        return address;
    }

    private IpAddress chosen(AddressRequest request) {
        if (request.gateway()) {
            return gateway(request);
        }
        if (request.within().isPresent()) {
            return within(request, request.within().get());
        }
        Optional<IpAddress> own = request.owner().flatMap(this::ofOwner);
        if (own.isPresent()) {
            return again(own.get(), request);
        }
        IpAddress address = neverUsed()
                .or(() -> firstReleased(LeaseState.RESTING))
                .or(() -> firstReleased(LeaseState.KEPT))
                .orElseThrow(() -> new EngineException(
                        ErrorCode.EXHAUSTED,
                        "address pool " + pool.prefix()
                                + pool.part()
                                        .<Object>map(part -> part)
                                        .or(() -> pool.limits().map(limits -> (Object) limits))
                                        .map(part -> ", range " + part + ",")
                                        .orElse("")
                                + " is full: " + usage.leased() + " of "
                                + pool.range().size() + " addresses are leased"));
        lease(address, request);
        return address;
    }

    /** An address that its owner has or had. */
    private IpAddress again(IpAddress own, AddressRequest request) {
        endOfEarlierBoot(own);
        Optional<Lease> known = leases.get(own);
        if (known.filter(Lease::isLeased).isEmpty()) {
            known.ifPresent(this::forgetFree);
            lease(own, request);
        }
        return own;
    }

    /** Its container ended with the boot, whether or not anybody has had a look since. */
    private void endOfEarlierBoot(IpAddress address) {
        leases.get(address).filter(this::isOfEarlierBoot).ifPresent(this::free);
    }

    private boolean isOfEarlierBoot(Lease lease) {
        return lease.isLeased()
                && lease.purpose() == Purpose.ENDPOINT
                && !lease.boot().equals(boot);
    }

    /** In the same order, of some addresses only; released ones of others are passed by one after the other. */
    private IpAddress within(AddressRequest request, AddressRange range) {
        checkUsable(range.first());
        checkUsable(range.last());
        Optional<IpAddress> own = request.owner().flatMap(this::ofOwner).filter(range::contains);
        if (own.isPresent()) {
            return again(own.get(), request);
        }
        IpAddress start = range.contains(usage.cursor()) ? usage.cursor() : range.first();
        IpAddress address = firstUnknown(start, range)
                .or(() -> firstUnknown(range.first(), range))
                .or(() -> leases.oldest(LeaseState.RESTING, range::contains))
                .or(() -> leases.oldest(LeaseState.KEPT, range::contains))
                .orElseThrow(() -> new EngineException(
                        ErrorCode.EXHAUSTED, "address pool " + pool.prefix() + ", range " + range + ", is full"));
        leases.get(address).ifPresent(this::forgetFree);
        lease(address, request);
        return address;
    }

    /** The first address of the pool that is free, where people look for a gateway, also when containers get a part of it only. */
    private IpAddress gateway(AddressRequest request) {
        AddressRange usable = pool.usable();
        IpAddress candidate = usable.first();
        Optional<Lease> known = leases.get(candidate);
        while (known.filter(Lease::isLeased).isPresent()) {
            if (candidate.equals(usable.last())) {
                throw new EngineException(
                        ErrorCode.EXHAUSTED,
                        "address pool " + pool.prefix() + " is full: no address is left for a gateway");
            }
            candidate = usable.after(candidate);
            known = leases.get(candidate);
        }
        known.ifPresent(this::forgetFree);
        lease(candidate, request);
        return candidate;
    }

    /**
     * The address that an owner had in a sticky pool, or that it was given moments ago by an answer that may have been lost; nobody knows
     * better who owns it than its name, until it is in use: the name may have gone to another container then.
     */
    private Optional<IpAddress> ofOwner(String owner) {
        return leases.ofOwner(owner).filter(address -> leases.get(address)
                .filter(lease -> lease.isLeased()
                        ? isFresh(lease) || (pool.sticky() && isOfEarlierBoot(lease))
                        : lease.state() == LeaseState.KEPT)
                .isPresent());
    }

    private boolean isRepeated(Lease lease, AddressRequest request) {
        boolean sameOwner = request.owner().isPresent() && request.owner().equals(lease.owner());
        return sameOwner && isFresh(lease);
    }

    private boolean isFresh(Lease lease) {
        return !lease.isSeen() && lease.since().plus(REPEATED).isAfter(now);
    }

    private Optional<IpAddress> neverUsed() {
        AddressRange range = pool.range();
        long known = usage.leased() + usage.resting() + usage.kept();
        if (range.size().compareTo(BigInteger.valueOf(known)) <= 0) {
            return Optional.empty();
        }
        IpAddress start = range.contains(usage.cursor()) ? usage.cursor() : range.first();
        IpAddress address = firstUnknown(start, range)
                .or(() -> firstUnknown(range.first(), range))
                .orElseThrow();
        usage = usage.from(range.after(address));
        return Optional.of(address);
    }

    /** The first address that no record stands for, from {@code start} to the end of the range. */
    private Optional<IpAddress> firstUnknown(IpAddress start, AddressRange range) {
        IpAddress[] candidate = {start};
        boolean[] over = {false};
        leases.walkAddresses(start, address -> {
            if (!address.equals(candidate[0])) {
                return false;
            }
            over[0] = address.equals(range.last());
            candidate[0] = range.after(address);
            return !over[0];
        });
        return over[0] ? Optional.empty() : Optional.of(candidate[0]);
    }

    private Optional<IpAddress> firstReleased(LeaseState free) {
        Optional<IpAddress> oldest = leases.oldest(free);
        oldest.flatMap(leases::get).ifPresent(this::forgetFree);
        return oldest;
    }

    private void lease(IpAddress address, AddressRequest request) {
        leases.put(new Lease(
                address, LeaseState.LEASED, purpose(request), request.owner(), now, 0, Optional.empty(), boot));
        request.owner().ifPresent(owner -> leases.putOwner(owner, address));
        usage = isCounted(address) ? usage.plus(1, 0, 0) : usage.plusOutside(1);
    }

    private Purpose purpose(AddressRequest request) {
        if (request.gateway()) {
            return Purpose.GATEWAY;
        }
        boolean named = request.address().isPresent() && request.owner().isEmpty();
        return named && isInTheMaking() ? Purpose.RESERVED : Purpose.ENDPOINT;
    }

    /** Looks at every record of the pool, so it is asked last. */
    private boolean isInTheMaking() {
        return usage.leased() <= MOST_RESERVED
                && pool.since().plus(IN_THE_MAKING).isAfter(now)
                && leases.all().stream().noneMatch(lease -> lease.isLeased() && lease.purpose() == Purpose.ENDPOINT);
    }

    private void free(Lease lease) {
        if (!isCounted(lease.address())) {
            leases.remove(lease);
            usage = usage.plusOutside(-1);
            return;
        }
        boolean kept = pool.sticky() && lease.owner().isPresent() && lease.purpose() == Purpose.ENDPOINT;
        usage = usage.nextRelease().plus(-1, kept ? 0 : 1, kept ? 1 : 0);
        if (!kept) {
            lease.owner().ifPresent(owner -> leases.removeOwner(owner, lease.address()));
        }
        leases.put(lease.released(kept ? LeaseState.KEPT : LeaseState.RESTING, now, usage.sequence()));
        if (usage.resting() > LONGEST_REST) {
            firstReleased(LeaseState.RESTING);
        }
        if (usage.kept() > LONGEST_REST) {
            firstReleased(LeaseState.KEPT);
        }
    }

    /** A free address is about to be leased, or forgotten. */
    private void forgetFree(Lease lease) {
        leases.remove(lease);
        boolean kept = lease.state() == LeaseState.KEPT;
        usage = usage.plus(0, kept ? 0 : -1, kept ? -1 : 0);
    }

    private boolean isCounted(IpAddress address) {
        return pool.range().contains(address);
    }

    private void checkUsable(IpAddress address) {
        if (address.family() != pool.prefix().family()) {
            throw EngineException.invalid("address " + address + " is not of the family of pool " + pool.prefix());
        }
        if (!pool.prefix().contains(address)) {
            throw EngineException.invalid("address " + address + " is not in pool " + pool.prefix());
        }
        if (!pool.usable().contains(address)) {
            throw EngineException.invalid(
                    "address " + address + " is the network or broadcast address of pool " + pool.prefix());
        }
    }
}
