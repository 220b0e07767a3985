/**
 * Leases: which address of a pool belongs to whom, which one comes next. Used inside one transaction, by its thread; failures are
 * {@link io.jnet.engine.failure.EngineException}s.
 */
package io.jnet.ipam.lease;
