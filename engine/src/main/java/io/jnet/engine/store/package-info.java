/**
 * The durable state: one LMDB environment in the state folder, shared by the processes of one host.
 *
 * <p>Thread-safe. A read sees one consistent snapshot; a write is one transaction, durable when the call returns. Failures are
 * {@link io.jnet.engine.EngineException}s of category {@code INTERNAL} that name the folder.
 */
package io.jnet.engine.store;
