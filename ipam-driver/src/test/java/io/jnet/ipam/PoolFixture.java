package io.jnet.ipam;

import io.jnet.engine.store.StateStore;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.lease.LeaseReport;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolId;
import io.jnet.ipam.pool.PoolRequest;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.ipam.reclaim.Leases;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Pools on a real store, on a host and at a time that the test says. */
public final class PoolFixture implements AutoCloseable {
    public static final String BOOT = "boot-1";

    private final StateStore store;
    private final PoolSettings settings;
    private final String boot;
    private final TestClock clock = new TestClock();
    private final Set<IpPrefix> known = new HashSet<>();
    private AddressPools pools;

    private PoolFixture(Path folder, PoolSettings settings, String boot) {
        this.store = StateStore.open(folder, "test");
        this.settings = settings;
        this.boot = boot;
        startAgain();
    }

    /** As another process would, on the same store. */
    public void startAgain() {
        pools = new AddressPools(store, settings, () -> Set.copyOf(known), clock, boot);
    }

    public static PoolFixture open(Path folder) {
        return open(folder, PoolSettings.DEFAULT);
    }

    public static PoolFixture open(Path folder, PoolSettings settings) {
        return new PoolFixture(folder, settings, BOOT);
    }

    public static PoolFixture openAfterReboot(Path folder) {
        return new PoolFixture(folder, PoolSettings.DEFAULT, "boot-2");
    }

    public AddressPools pools() {
        return pools;
    }

    /** An address becomes an endpoint's. */
    public void use(Pool pool, String address) {
        store.change(state -> pools.use(state, pool.prefix(), IpAddress.parse(address)));
    }

    public StateStore store() {
        return store;
    }

    public Clock clock() {
        return clock;
    }

    public void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    public void know(String range) {
        known.add(IpPrefix.parse(range));
    }

    public Pool pool(String prefix) {
        return pool(prefix, "", false);
    }

    public Pool pool(String prefix, String part, boolean sticky) {
        IpPrefix range = IpPrefix.parse(prefix);
        return pools.requestPool(new PoolRequest(
                "jnet-local",
                range.family(),
                Optional.of(range),
                Optional.of(part).filter(text -> !text.isEmpty()).map(IpPrefix::parse),
                sticky));
    }

    public Pool choose(AddressFamily family) {
        return pools.requestPool(new PoolRequest("jnet-local", family, Optional.empty(), Optional.empty(), false));
    }

    public String take(Pool pool) {
        return take(pool.id(), "", "");
    }

    public String take(PoolId pool, String address, String owner) {
        return pools.requestAddress(
                        pool,
                        new AddressRequest(
                                Optional.of(address)
                                        .filter(text -> !text.isEmpty())
                                        .map(IpAddress::parse),
                                false,
                                Optional.of(owner).filter(text -> !text.isEmpty())))
                .toString();
    }

    public String takeWithin(Pool pool, String first, String last) {
        AddressRange range = new AddressRange(IpAddress.parse(first), IpAddress.parse(last));
        return pools.requestAddress(
                        pool.id(), new AddressRequest(Optional.empty(), false, Optional.empty(), Optional.of(range)))
                .toString();
    }

    public String gateway(Pool pool) {
        return pools.requestAddress(pool.id(), new AddressRequest(Optional.empty(), true, Optional.empty()))
                .toString();
    }

    public void release(Pool pool, String address) {
        pools.releaseAddress(pool.id(), IpAddress.parse(address.replaceFirst("/.*", "")));
    }

    /** What the reclaiming sees of the pools. */
    public Leases leases() {
        return new Leases() {
            @Override
            public List<LeaseReport> after(Optional<LeaseReport> last) {
                return pools.leasesAfter(last);
            }

            @Override
            public void see(Map<LeaseReport, String> seen) {
                pools.see(seen);
            }

            @Override
            public void reclaim(Collection<LeaseReport> abandoned) {
                pools.reclaim(abandoned);
            }
        };
    }

    @Override
    public void close() {
        store.close();
    }

    private static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
