/**
 * The sockets at which names are asked for, on UDP and TCP (RFC 1035 section 4.2, RFC 7766).
 *
 * <p>{@link io.jnet.dns.listen.Listeners} is the entrance. One thread waits for all sockets, hands on what comes in, and sends what is answered.
 * Nothing it does waits, and what a client can make it keep is bounded: places for connections, queries of one connection under way, bytes
 * that a client does not fetch.
 *
 * <p>Threads: {@link io.jnet.dns.listen.Listeners} and {@link io.jnet.dns.listen.Listening} are thread-safe. Queries are handed on without any
 * lock, so that who answers may look at anything.
 *
 * <p>Failures: of a single client they end its connection, or lose its datagram.
 */
package io.jnet.dns.listen;
