/**
 * Finds and removes what the daemon keeps for Docker and Docker has no memory of. Part of the command line's process: dockerd is asked here,
 * and never by the daemon, which dockerd waits for while it holds its locks.
 *
 * <p>Docker tells a driver of a network or endpoint before it records it, so that one look at both cannot tell what is forgotten from what is
 * on its way; {@link io.jnet.daemon.prune.ForgottenSearch} says how that is told. Not thread-safe.
 */
package io.jnet.daemon.prune;
