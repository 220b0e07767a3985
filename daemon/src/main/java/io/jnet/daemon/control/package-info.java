/**
 * What the daemon tells its command line, as JSON over the control socket: the messages, and the side that answers.
 *
 * <p>GET tells; DELETE removes what nobody else can, for root alone. Paths begin with the version of the messages: within one version fields are added,
 * never changed. Failures are {@link io.jnet.daemon.control.FailureView}s. Thread-safe.
 */
package io.jnet.daemon.control;
