/**
 * Serves published ports where no kernel rule can: connections to {@code ::1}, which the kernel never lets leave by another interface, and
 * clients of one address family for a container that has only the other. Whatever reaches the socket that reserves the port, because no
 * rule has translated it, is passed on to the container by one thread for all ports.
 *
 * <p>{@link io.jnet.engine.relay.Relay} is the entrance. A stream costs no memory beside two sockets: bytes stay in the kernel until the
 * other side takes them. The number of streams and of UDP clients is bounded.
 *
 * <p>Threads: {@link io.jnet.engine.relay.Relay} is thread-safe; everything else is guarded by its one lock.
 *
 * <p>Failures: of a single connection they end that connection, and the client sees a reset.
 */
package io.jnet.engine.relay;
