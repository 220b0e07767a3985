/**
 * The daemon's sockets, whatever is spoken on them: files that appear when somebody listens, and go when nobody does; who may connect, by the
 * credentials that the kernel has of the peer; addresses to listen on.
 *
 * <p>Specification: unix(7), socket(7) ({@code SO_PEERCRED}).
 */
package io.jnet.daemon.socket;
