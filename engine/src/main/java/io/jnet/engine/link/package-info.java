/**
 * The engine's ports to the kernel's links: bridges and veth pairs, the container's side of these, VLANs of bridge ports, shaping, and the marks by which
 * links are known again.
 *
 * <p>Implementations are thread-safe for calls about different links. Failures are {@link io.jnet.engine.failure.EngineException}s of category
 * {@code KERNEL}, or {@code CONFLICT} when a link of the name is somebody else's.
 */
package io.jnet.engine.link;
