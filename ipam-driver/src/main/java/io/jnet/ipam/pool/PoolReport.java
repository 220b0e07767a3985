package io.jnet.ipam.pool;

import java.math.BigInteger;

/**
 * A pool and how far it is used.
 *
 * @param pool the pool
 * @param used leased addresses
 * @param free addresses that can be chosen
 */
public record PoolReport(Pool pool, long used, BigInteger free) {
    /** The report of a pool. */
    public static PoolReport of(Pool pool, PoolUsage usage) {
        return new PoolReport(
                pool,
                usage.leased() + usage.outside(),
                pool.range().size().subtract(BigInteger.valueOf(usage.leased())));
    }
}
