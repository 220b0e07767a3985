/**
 * {@code jnet doctor}: what is wrong with this host for jnet, and what mends it. One {@link io.jnet.daemon.doctor.Check} for each thing that can be
 * wrong, all of them in {@link io.jnet.daemon.doctor.Checks}; each looks at a {@link io.jnet.daemon.doctor.HostView}. Changes nothing, starts no process itself.
 */
package io.jnet.daemon.doctor;
