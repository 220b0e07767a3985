package io.jnet.ipam.lease;

import io.jnet.ipam.pool.Pool;

/**
 * A lease and its pool.
 *
 * @param pool the pool
 * @param lease the lease
 */
public record LeaseReport(Pool pool, Lease lease) {}
