/**
 * The durable state: one LMDB environment in the state folder, shared by the processes of one host.
 *
 * <p>Thread-safe. A read sees one consistent snapshot; a write is one transaction, which outlives the process when the call returns, and
 * the machine where the caller asks for it. Failures are {@link io.jnet.engine.failure.EngineException}s of category {@code INTERNAL}, or
 * {@code EXHAUSTED} when the file is full, that name the folder.
 */
package io.jnet.engine.store;
