/**
 * What a client of a published port waits for: the time to connect, from a neighbour machine.
 *
 * <p>Client and server are programs of their own, started in the namespaces. Thread and failure rules as in {@code io.jnet.bench}.
 */
package io.jnet.bench.connect;
