/**
 * The engine's port to the kernel's links: bridges and veth pairs.
 *
 * <p>Implementations are thread-safe for calls about different links. Failures are {@link io.jnet.engine.EngineException}s of category
 * {@code KERNEL}, or {@code CONFLICT} when a link of the name is somebody else's.
 */
package io.jnet.engine.link;
