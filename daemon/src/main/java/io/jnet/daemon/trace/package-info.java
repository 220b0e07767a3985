/**
 * {@code jnet trace}: follows one packet through the rules of this host and says where it ends. A {@link io.jnet.daemon.trace.MarkingTable} has the kernel
 * report what rules decide about that packet, {@link io.jnet.daemon.trace.Probe} sends it, {@link io.jnet.daemon.trace.Journey} has the reports in order, and
 * {@link io.jnet.daemon.trace.Ending} says what they mean. Changes nothing but for the marking table, which the kernel removes with this process.
 */
package io.jnet.daemon.trace;
