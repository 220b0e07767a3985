/**
 * The command line's side: one HTTP request over a Unix-domain socket, to the daemon or to Docker.
 *
 * <p>Jetty's parser reads the answer, its client is not used: a command makes one request and ends, and starts in half the time without a
 * thread pool and a selector. Not thread-safe, nothing is kept open.
 *
 * <p>Specification: RFC 9112.
 */
package io.jnet.daemon.client;
