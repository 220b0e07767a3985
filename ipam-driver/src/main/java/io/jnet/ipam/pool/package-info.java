/**
 * Pools: ranges of addresses, each of one network; which range a network gets. Values, and functions of one transaction; failures are
 * {@link io.jnet.engine.failure.EngineException}s.
 */
package io.jnet.ipam.pool;
