/**
 * The host as the address management sees it: routes, addresses, name servers, network namespaces. Thread-safe; nothing is changed.
 * Failures are {@link io.jnet.engine.failure.EngineException}s of category {@code KERNEL}.
 */
package io.jnet.ipam.host;
