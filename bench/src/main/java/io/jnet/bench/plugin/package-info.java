/**
 * Calls of jnet's plugin socket as dockerd makes them, without dockerd: for jnet's own part of the time, and for many endpoints at once.
 *
 * <p>Thread rules: a client belongs to one thread. Failure rules: {@link java.lang.IllegalStateException} for a refused call,
 * {@link java.io.UncheckedIOException} for a broken connection. The protocol is libnetwork's {@code docs/remote.md}.
 */
package io.jnet.bench.plugin;
