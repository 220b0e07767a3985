/**
 * Docker, asked by the commands over its own socket, never by the daemon: how it calls networks and containers, and what it knows of.
 *
 * <p>Specification: Docker's Engine API (docs.docker.com/reference/api/engine).
 */
package io.jnet.daemon.docker;
