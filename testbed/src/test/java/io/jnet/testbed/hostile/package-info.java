/**
 * Clients of the daemon's sockets that mean it no good, or have gone mad: slow ones, silent ones, ones that never stop or never listen.
 *
 * <p>Thread rules: a crowd belongs to one thread. Failure rules: a connection that the daemon closes is what a test expects and no failure; a
 * socket that nobody listens on is an {@link java.io.UncheckedIOException}.
 */
package io.jnet.testbed.hostile;
