/**
 * The daemon as a process: how soon it answers, how much memory it takes; on each Java of this machine.
 *
 * <p>Thread and failure rules as in {@code io.jnet.bench}.
 */
package io.jnet.bench.daemon;
