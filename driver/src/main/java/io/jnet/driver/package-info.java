/**
 * Docker's NetworkDriver protocol on top of the engine: {@link io.jnet.driver.NetworkDriver} takes a path and a body and gives a status and a
 * body; it knows no HTTP server.
 *
 * <p>Thread-safe and without state. No handler calls dockerd, which would deadlock it: dockerd holds locks while it calls. Every failure
 * becomes an answer and one line in the log.
 *
 * <p>Specification: moby's {@code libnetwork/docs/remote.md} and {@code libnetwork/drivers/remote}.
 */
package io.jnet.driver;
