package io.jnet.ipam;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.host.HostIdentity;
import io.jnet.engine.store.StateStore;
import io.jnet.ipam.host.KernelAddressUse;
import io.jnet.ipam.host.KernelHostRanges;
import io.jnet.ipam.host.LinkEvents;
import io.jnet.ipam.lease.LeaseReport;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.ipam.reclaim.AddressUse;
import io.jnet.ipam.reclaim.Leases;
import io.jnet.ipam.reclaim.Reclaimer;
import io.jnet.ipam.reclaim.Reclaiming;
import io.jnet.netlink.libc.KernelException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The address management of one host: its pools, and what frees the addresses that runtimes forget. */
public final class AddressManagement implements AutoCloseable {
    private static final Path RESOLVER_FILE = Path.of("/etc/resolv.conf");

    private final AddressPools pools;
    private final Reclaimer reclaimer;
    private final LinkEvents events;

    private AddressManagement(AddressPools pools, Reclaimer reclaimer, LinkEvents events) {
        this.pools = pools;
        this.reclaimer = reclaimer;
        this.events = events;
    }

    /**
     * Opens the address management of the network namespace that the calling thread is in.
     *
     * @param store where pools and leases are kept; stays the caller's to close, after this
     */
    public static AddressManagement open(StateStore store, PoolSettings settings) {
        return open(store, settings, new KernelAddressUse());
    }

    /**
     * The same.
     *
     * @param use who is looked at before an address is freed that a runtime forgot
     */
    public static AddressManagement open(StateStore store, PoolSettings settings, AddressUse use) {
        String boot = HostIdentity.boot();
        AddressPools pools =
                new AddressPools(store, settings, new KernelHostRanges(RESOLVER_FILE), Clock.systemUTC(), boot);
        Reclaiming reclaiming = new Reclaiming(store, watched(pools), use, Clock.systemUTC(), boot);
        Reclaimer reclaimer = new Reclaimer(reclaiming::sweep);
        try {
            LinkEvents events = LinkEvents.listen(reclaimer::userGone);
            pools.onLease(reclaimer::leased);
            return new AddressManagement(pools, reclaimer, events);
        } catch (KernelException e) {
            reclaimer.close();
            throw EngineException.kernel(e);
        }
    }

    /** The pools. */
    public AddressPools pools() {
        return pools;
    }

    /** Looks soon for addresses that nobody has any more: whoever had one has gone. */
    public void userGone() {
        reclaimer.userGone();
    }

    @Override
    public void close() {
        events.close();
        reclaimer.close();
    }

    private static Leases watched(AddressPools pools) {
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
}
