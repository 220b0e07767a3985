/**
 * HTTP over the daemon's sockets: Javalin on Jetty's connectors.
 *
 * <p>Handlers run on a small pool of threads for each socket; a connection that says nothing takes no thread, nor does a
 * request whose body has not arrived. What a client does wrong is
 * answered in one line of JSON and never ends the server.
 *
 * <p>Specification: RFC 9112 (HTTP/1.1).
 */
package io.jnet.daemon.http;
