/**
 * Bounded traffic that counts exactly what was lost: run as a process of its own in a machine's namespaces, it ends by itself.
 *
 * <p>Thread rules: one main thread opens a connection at each tick, a pool waits for the answers. Failure rules: every failure is
 * counted and its first kinds are told; the process ends with status 0 all the same, the judgement is the test's.
 */
package io.jnet.testbed.load;
