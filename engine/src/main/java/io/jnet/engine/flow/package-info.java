/**
 * Flows under way, as connection tracking keeps them: those that a published port would no longer lead where they lead are ended.
 *
 * <p>Translation is decided by a flow's first packet and kept for all others. A TCP client begins anew by itself when nobody answers; a
 * UDP client that goes on sending from one port, or an SCTP peer that always uses the same one, would stay with the old decision.
 *
 * <p>{@link io.jnet.engine.flow.Flows} is the engine's port, {@link io.jnet.engine.flow.KernelFlows} fulfils it,
 * {@link io.jnet.engine.flow.StaleFlows} decides and is pure.
 *
 * <p>Threads: implementations of the port are thread-safe; values are immutable. Failures: {@link io.jnet.engine.failure.EngineException}.
 */
package io.jnet.engine.flow;
