package io.jnet.ipam.pool;

import io.jnet.netlink.address.IpAddress;

/**
 * How far a pool is used. Written with every change of a lease, and of the same size whatever the size of the pool.
 *
 * @param cursor where the search for an address that was never used, or long ago, goes on
 * @param sequence the number of the last release
 * @param leased addresses of the range that are leased
 * @param resting addresses of the range that were released and wait for their turn
 * @param kept the same, kept back for their owners
 * @param outside leases outside the range: those that were asked for by name
 */
public record PoolUsage(IpAddress cursor, long sequence, long leased, long resting, long kept, long outside) {

    /** A pool that was never used. */
    public static PoolUsage of(Pool pool) {
        return new PoolUsage(pool.range().first(), 0, 0, 0, 0, 0);
    }

    /** The same with the search going on at {@code next}. */
    public PoolUsage from(IpAddress next) {
        return new PoolUsage(next, sequence, leased, resting, kept, outside);
    }

    /** The same with counts changed by these differences. */
    public PoolUsage plus(int moreLeased, int moreResting, int moreKept) {
        return new PoolUsage(cursor, sequence, leased + moreLeased, resting + moreResting, kept + moreKept, outside);
    }

    /** The same with the number of leases outside the range changed. */
    public PoolUsage plusOutside(int more) {
        return new PoolUsage(cursor, sequence, leased, resting, kept, outside + more);
    }

    /** The same, one release later. */
    public PoolUsage nextRelease() {
        return new PoolUsage(cursor, sequence + 1, leased, resting, kept, outside);
    }
}
